"""What is said of kits, in French."""

SENTENCES = {
    "kit.unknown": "{code} n'est pas un ordre de travail connu ici. Scannez son numéro ou choisissez-le.",
    "kit.through": "L'ordre de travail {id} est terminé, kits assemblés : {built}. Choisissez-en un autre.",
    "kit.no_bill": (
        "La composition de {sku} (ordre de travail {id}) est inconnue. Demandez à votre responsable d'enregistrer la "
        "nomenclature."
    ),
    "kit.of_itself": "{sku} se contiendrait lui-même ou serait trop imbriqué ({way}). Corrigez la nomenclature.",
    "kit.opened": "Ordre de travail {id} : {qty} de {sku}. Il faut {parts}.",
    "kit.already": "L'ordre de travail {id} est déjà ouvert.",
    "kit.other_open": "L'ordre de travail {open} est ouvert. Terminez-le avant {id}.",
    "kit.not_part": "{item} ne fait pas partie de l'ordre de travail {id}. Remettez l'article en place.",
    "kit.too_many": "{item} : l'ordre de travail {id} en demande {qty} au plus. Remettez le reste en place.",
    "kit.one_place": (
        "{item} : les kits de l'ordre de travail {id} vont vers {location}. Scannez cet emplacement ou terminez "
        "d'abord."
    ),
    "kit.unit_elsewhere": (
        "{item} : le numéro de série {serial} est {where}, d'après les données d'ici. Scannez l'emplacement de "
        "l'unité ou une autre unité."
    ),
    "kit.all_there": "Tout est là, kits à assembler : {qty}. Assemblez, puis terminez {id}.",
    "kit.nothing_counted": "Rien n'a encore été compté pour l'ordre de travail {id}. Scannez d'abord un composant.",
    "kit.scan_kits": "{item} se gère par numéro de série. Scannez les kits finis avant de terminer.",
    "kit.missing": (
        "Pour {qty} de {sku}, il manque encore : {missing}. Scannez ce qui manque ou déclarez un manquant."
    ),
    "kit.built": "Assemblage enregistré : {qty} de {sku}. Reste à assembler pour l'ordre de travail {id} : {rest}.",
    "kit.built_back": "Assemblage enregistré : {qty} de {sku}, ordre de travail {id}. Remettez en place : {back}.",
    "kit.short": "Assemblage enregistré : {built} de {sku}, reste à assembler : {rest}. Il manque : {missing}.",
    "kit.nothing_short": "Rien ne manque pour l'ordre de travail {id}. Terminez-le.",
    "kit.bill": "Nomenclature de {sku} enregistrée, nombre d'articles : {parts}.",
    "kit.no_parts": "Aucun composant pour {sku}. Indiquez les composants ou enregistrez d'abord la nomenclature.",
    "kit.ordered": "Ordre de travail {id} : {qty} de {sku} à assembler.",
    "kit.number_taken": "L'ordre de travail {number} existe déjà. N'indiquez pas de numéro ou donnez-en un autre.",
    "kit.no_build": "L'assemblage {id} n'existe pas ici. Cherchez-le dans son ordre de travail.",
    "kit.apart": "Démontage enregistré : {qty} de {sku}. Les composants sont à ranger.",
    "kit.apart_before": "Déjà démonté : {qty} de {sku}. Consultez de nouveau la liste.",
    "kit.inside": "{qty} de {sku} : déjà dans {inside}. Démontez d'abord {inside}.",
}
