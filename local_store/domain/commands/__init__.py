"""Everything that can be asked of the store, one file for each part of the work."""

from local_store.domain.commands.base import *  # noqa: F403
from local_store.domain.commands.codes import *  # noqa: F403
from local_store.domain.commands.counting import *  # noqa: F403
from local_store.domain.commands.dispatch import *  # noqa: F403
from local_store.domain.commands.floor import *  # noqa: F403
from local_store.domain.commands.given import *  # noqa: F403
from local_store.domain.commands.goods import *  # noqa: F403
from local_store.domain.commands.kitting import *  # noqa: F403
from local_store.domain.commands.packing import *  # noqa: F403
from local_store.domain.commands.people import *  # noqa: F403
from local_store.domain.commands.picking import *  # noqa: F403
from local_store.domain.commands.quality import *  # noqa: F403
from local_store.domain.commands.receiving import *  # noqa: F403
from local_store.domain.commands.returns import *  # noqa: F403
from local_store.domain.commands.supervising import *  # noqa: F403
