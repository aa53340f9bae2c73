"""Every fact that can be written to the journal, one file for each part of the work."""

from local_store.domain.events.base import *  # noqa: F403
from local_store.domain.events.codes import *  # noqa: F403
from local_store.domain.events.counting import *  # noqa: F403
from local_store.domain.events.dispatch import *  # noqa: F403
from local_store.domain.events.given import *  # noqa: F403
from local_store.domain.events.goods import *  # noqa: F403
from local_store.domain.events.hq import *  # noqa: F403
from local_store.domain.events.kitting import *  # noqa: F403
from local_store.domain.events.numbers import *  # noqa: F403
from local_store.domain.events.packing import *  # noqa: F403
from local_store.domain.events.paper import *  # noqa: F403
from local_store.domain.events.people import *  # noqa: F403
from local_store.domain.events.picking import *  # noqa: F403
from local_store.domain.events.quality import *  # noqa: F403
from local_store.domain.events.receiving import *  # noqa: F403
from local_store.domain.events.returns import *  # noqa: F403
from local_store.domain.events.station import *  # noqa: F403
from local_store.domain.events.supervising import *  # noqa: F403
from local_store.domain.events.tally import *  # noqa: F403
