"""What is measured beside peers, and the targets."""

from suite.context import Context
from suite.paired import Peer, Work
from suite.rows import at_least, at_most


def pytorch(script: str, *configurations: str, fixed: tuple[str, ...] = ()) -> list[Peer]:
    """A script of PyTorch's in each of its configurations."""
    if not configurations:
        return [Peer("PyTorch", "", (script, *fixed))]
    return [Peer("PyTorch", each, (script, *fixed, "--configuration", each)) for each in configurations]


def numpy(*arguments: str) -> Peer:
    return Peer("NumPy", "", ("search.py", "--library", "numpy", *arguments), ("torch", "numpy"), "float32")


def pillow(configuration: str, *arguments: str) -> Peer:
    return Peer("Pillow, scikit-image", configuration, ("decode.py", *arguments), ("numpy", "PIL", "skimage"))


WORKS = (
    Work(
        "train-step", "training step: GRU 1024, words 300, images 4096, batch 128",
        pytorch("train_step.py", "module", "compiled", "derived"),
        {
            "float32": [at_least("ratio", 2.6), at_most("ms", 105)],
            "bfloat16": [at_least("ratio", 1.6), at_most("ms", 65)],
        },
        judged="module", seconds=70),
    Work(
        "embed-sentences", "sentences embedded", pytorch("embed_sentences.py"),
        {"float32": [at_least("captions/s", 3500)], "bfloat16": [at_least("captions/s", 6000)]},
        rate="captions/s", seconds=20),
    Work(
        "sentence", "one sentence of 12 tokens, GRU 1024", pytorch("embed_sentences.py", fixed=("--single",)),
        {"float32": [at_most("ms", 4)], "bfloat16": [at_most("ms", 2)]}, bound_by_products=False, seconds=7),
    Work(
        "evaluate", "evaluation: 5,000 images × 25,000 captions × 1024", pytorch("evaluate.py"),
        {"float32": [at_most("ms", 2000)]}, seconds=20),
    Work(
        "vgg19", "VGG-19 to fc7, 8 photos",
        pytorch("networks.py", "plain", "channels", "frozen", "blocked", "compiled", fixed=("vgg19",)),
        {"float32": [at_least("ratio", 2.4)], "bfloat16": [at_least("ratio", 1.15)]}, seconds=100),
    Work(
        "mobilenet", "MobileNet v1 and v2, 8 photos",
        pytorch("networks.py", "plain", "channels", "frozen", "compiled", fixed=("mobilenet",)),
        {"float32": [], "bfloat16": []}, seconds=70),
    Work(
        "decode", "photos decoded and prepared, 1 thread", [pillow("1 process")],
        {"float32": [at_least("ratio", 4)]}, rate="photos/s", inputs=Context.photos, threads=1, seconds=12),
    Work(
        "decode", "photos decoded and prepared",
        [pillow("1 process", "--threads", "1"), pillow("as many processes as threads")],
        {"float32": [at_least("ratio", 7)]}, rate="photos/s", judged="1 process", inputs=Context.photos,
        seconds=20),
    Work(
        "search", "one query, 1,000,000 × 1024", [*pytorch("search.py"), numpy()],
        {"float32": [], "bfloat16": [at_least("% of reading", 85)]}, seconds=60),
    Work(
        "search-batch", "100 queries, 1,000,000 × 1024",
        [*pytorch("search.py", fixed=("--queries", "100")), numpy("--queries", "100")],
        {"float32": [at_least("% of products", 60)], "bfloat16": [at_least("% of products", 60)]}, seconds=75),
    Work(
        "search-graph", "search through a graph",
        [Peer("hnswlib", "", ("search_graph.py",), ("numpy", "hnswlib"), "float32")],
        {"float32": [at_least("ratio", 1)], "bfloat16": [at_least("ratio", 1)]}, rate="queries/s",
        memory_targets={"bfloat16": [at_least("ratio", 2)]}, inputs=Context.vectors, seconds=45),
)
