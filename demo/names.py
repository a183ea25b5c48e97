"""Invented names: artists of each style, and the words their albums and tracks are made of.

None is meant to be anybody. Some carry accents, other scripts and punctuation, as real catalogues do.
"""

ARTISTS: dict[str, tuple[str, ...]] = {
    "ambient": (
        "Tarn Almanac", "Ósvör Hlíð", "Pale Cartography", "Low Estuary", "Miren Aguirresarobe",
        "Soft Meridian Trio", "Ninth Lichen",
    ),
    "lofi": (
        "Sofa Cartel", "Kettle & Rain", "Domingo Puddle", "Half Past Toast", "Yuzu Ledger", "Tape Orchardist",
        "MØSSBANK",
    ),
    "folk": (
        "Wren Tollgate", "The Pinecone Ledger", "Marta Jilemnická", "Harrow & Daughter", "Old Ferry Committee",
        "Tobiah Fennwick", "Salt Marsh Letters", "Aoife Brackenrigg",
    ),
    "jazz": (
        "Quillon Baptiste Quartet", "Irena Szypułka", "The Third Stairwell", "Lemuel Oakapple",
        "Blue Tram Ensemble", "Nadja Okonkwo-Lindt", "Septet of Small Hours",
    ),
    "bossa": (
        "Beatriz Marambaia", "Os Três Guarda-Chuvas", "Cais Amarelo", "Joaquim Sereia", "Varanda Club",
        "Luz de Quintal", "Benedita & o Vento",
    ),
    "synthwave": (
        "Vantablack Marina", "Neon Parish", "Coupé '89", "Laserdisc Widow", "Hotel Zodiac West", "Ultra Palmetto",
        "Kasimir Voltaire", "Motorway Saints",
    ),
    "techno": (
        "Halle Null", "Grau & Gitter", "DJ Kühlturm", "Anode Republic", "Sektor Weiss", "Ferrum Ferrum",
        "Oxide Choir", "Ligia Taktstock",
    ),
    "punk": (
        "The Wet Invoices", "Bin Day", "Municipal Fury", "Sister Forklift", "No Refunds Tonight", "The Curdled",
        "Štrajk Sirén", "Gravel Parade",
    ),
}  # fmt: skip

FIRST: dict[str, tuple[str, ...]] = {
    "ambient": (
        "Slow", "Pale", "Distant", "Quiet", "Submerged", "Hollow", "Morning", "Unlit", "Glacial", "Drifting",
        "Weightless", "Inland",
    ),
    "lofi": (
        "Rainy", "Sleepy", "Borrowed", "Warm", "Folded", "Tuesday", "Late", "Crumpled", "Dusty", "Lukewarm",
        "Second", "Window",
    ),
    "folk": (
        "Wooden", "Father's", "October", "Kindling", "Barefoot", "Northern", "Saturday", "Hazel", "Broken",
        "Winter", "Sparrow", "Honest",
    ),
    "jazz": (
        "Midnight", "Seven", "Crooked", "Velvet", "Upstairs", "Minor", "Smoky", "Oblique", "Left-Hand", "Basement",
        "Restless", "Parisian",
    ),
    "bossa": (
        "Tarde", "Maré", "Manhã", "Sombra", "Cidade", "Areia", "Chuva", "Lua", "Brisa", "Janela", "Jardim",
        "Domingo",
    ),
    "synthwave": (
        "Chrome", "Midnight", "Turbo", "Electric", "Infinite", "Neon", "Crimson", "Laser", "Satellite", "Analog",
        "Outrun", "Violet",
    ),
    "techno": (
        "Beton", "Signal", "Null", "Strobe", "Kinetic", "Stahl", "Acid", "Modul", "Phase", "Dark", "Cycle",
        "Vector",
    ),
    "punk": (
        "Dead-End", "Rotten", "Angry", "Plastic", "Zero", "Boring", "Burnt", "Loud", "Stupid", "Concrete", "Petty",
        "Unpaid",
    ),
}  # fmt: skip

SECOND: dict[str, tuple[str, ...]] = {
    "ambient": (
        "Harbour", "Fog", "Latitude", "Orbit", "Reservoir", "Silence", "Tide", "Light", "Plateau", "Bloom",
        "Interior", "Snow",
    ),
    "lofi": (
        "Homework", "Noodles", "Bus Stop", "Blanket", "Coffee", "Balcony", "Postcard", "Laundry", "Biscuit",
        "Sketch", "Nap", "Umbrella",
    ),
    "folk": (
        "Fiddle", "Orchard", "Lantern", "Road", "River Song", "Promise", "Gate", "Mountain", "Harvest", "Letter",
        "Bones", "Lullaby",
    ),
    "jazz": (
        "Stairs", "Blues", "Waltz", "Conversation", "Avenue", "Hours", "Standard", "Detour", "Rumour", "Elevator",
        "Arithmetic", "Nocturne",
    ),
    "bossa": (
        "do Porto", "Azul", "de Papel", "em Flor", "sem Pressa", "na Varanda", "Vazia", "de Verão", "Clara",
        "do Sul", "Antiga", "de Mel",
    ),
    "synthwave": (
        "Boulevard", "Runner", "Horizon", "Heartbeat", "Arcade", "Summer", "Machine", "Pursuit", "Dreams",
        "Skyline", "Overdrive", "Paradise",
    ),
    "techno": (
        "Schicht", "Lager", "Impuls", "Raum", "Turbine", "Grid", "Drift", "Werk", "Delta", "Filter", "Kammer",
        "Rotor",
    ),
    "punk": (
        "Landlord", "Parking Lot", "Kids", "Television", "Monday", "Manager", "Riot", "Haircut", "Neighbours",
        "Bus Pass", "Weekend", "Opinion",
    ),
}  # fmt: skip

SINGLE_WORDS: dict[str, tuple[str, ...]] = {
    "ambient": (
        "Isobar", "Lull", "Aurora Street", "Halcyon Hours", "Þoka", "Afterglow", "Peat",
    ),
    "lofi": (
        "zzz", "5 a.m.", "brb", "Kotatsu", "Leftovers", "Crumbs", "Dial Tone",
    ),
    "folk": (
        "Rowan", "Thirteen Miles", "When the Geese Go", "Mother's Coat", "Vánoční", "Ash Wednesday", "Home",
    ),
    "jazz": (
        "Intro", "Bez słów", "For Lenora", "Trzy", "Without Sugar", "Round the Corner", "Home",
    ),
    "bossa": (
        "Saudade Nova", "Guarda-Chuva", "Pão de Queijo", "Esperança", "Quase", "Volta", "Água",
    ),
    "synthwave": (
        "Intro", "1987", "Autopilot", "VHS", "Countach Eyes", "Afterburner", "Home",
    ),
    "techno": (
        "04:12", "Überdruck", "Kessel", "Intro", "Hz", "Nachtschicht", "Trafo",
    ),
    "punk": (
        "No", "Fax Machine", "I Hate Stairs", "Shut Up, Kevin", "Oi", "Přestávka", "Home",
    ),
}  # fmt: skip

ENDINGS: tuple[str, ...] = ("", "", "", "", "", "", " II", " - Live", " (Interlude)", " - Edit", " (Reprise)")
"""Most names have none; the rest is what makes real names hard to match."""

PODCASTS: dict[str, tuple[str, ...]] = {
    "The Kerb and the Curb": (
        "Why Benches Lean", "A Brief Rage at Roundabouts", "Who Owns the Pavement", "Night Buses",
        "The Last Phone Box", "Signs Nobody Reads", "Puddles, Ranked", "Stairs Without Doors",
    ),
    "Slow News from Nowhere": (
        "The Heron Came Back", "Forty Kinds of Grey", "A Committee for Soup", "Lost Gloves", "The Quiet Goal",
        "Minutes of the Choir", "A Bridge Gets a Name", "Rain, Again",
    ),
    "Burnt Onions": (
        "Salt Early", "Broth Week", "The Knife Episode", "Beans Deserve Better", "Toast as a Method",
        "Rice, Calmly",
    ),
}  # fmt: skip

AUDIOBOOK = (
    "The Lighthouse Keeper's Ledger",
    (
        "Chapter 1: Lamp Oil",
        "Chapter 2: The Inspector",
        "Chapter 3: Fog",
        "Chapter 4: A Letter from Ness",
        "Chapter 5: The Long Night",
        "Chapter 6: Accounts",
    ),
)
"""Title and chapters."""
