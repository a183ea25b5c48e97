"""The narrator is not trained here: its weights are a published `.gguf` file in the data folder, or it is absent."""

from modeling.bundle import Bundle
from modeling.narrator.conversion import bundle_from_gguf
from training.jobs import FitJob, NothingToLearn
from training.narrator import weights_file


def fit(job: FitJob) -> Bundle:
    """Converts the weights. Raises NothingToLearn where there are none."""
    weights = weights_file()
    if weights is None:
        raise NothingToLearn("there are no weights for the narrator (a .gguf file in DATA_DIR/narrator)")
    return bundle_from_gguf(weights, job.out)
