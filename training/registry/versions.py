"""MLflow as the register of what was trained: a version per bundle identity and code that serves it, two aliases."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, Metric, Param
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from modeling.bundle import Bundle
from training.errors import RegistryError
from training.registry.origin import digest, flattened

CHAMPION, CHALLENGER, PREVIOUS = "champion", "challenger", "previous"
METRICS_PER_CALL = 1000
NOT_THERE = {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}
"""How MLflow says that a model has no such version, or no such alias."""


@dataclass(frozen=True)
class Candidate:
    """A bundle with everything that is told about it."""

    bundle: Bundle
    serving_code: str
    """sha256 of the code that answers for the bundle (training.packing.serving_code_sha256)."""
    params: Mapping[str, Any]
    tags: Mapping[str, str]
    snapshot: Mapping[str, Any]
    curve: list[tuple[int, str, float]]
    metrics: Mapping[str, Any]
    evaluation: Path
    """Folder with tables and plots of the evaluation."""
    load: list[tuple[int, str, float]] = field(default_factory=list)
    """What the machine did in each second of the training."""
    measured_with: Mapping[str, Any] = field(default_factory=dict)
    """The parameters of the evaluation, which may change while the bundle stays."""

    @property
    def is_trained_here(self) -> bool:
        """Adopted weights have parameters and a curve elsewhere, if anywhere."""
        return isinstance(self.bundle.made_from.get("training"), Mapping)


@dataclass(frozen=True)
class Version:
    """One version of one model."""

    model: str
    number: str
    run_id: str
    tags: Mapping[str, str]
    aliases: list[str]

    @property
    def is_packed(self) -> bool:
        """Only what was packed can serve."""
        return "archive_sha256" in self.tags

    @classmethod
    def of(cls, version: ModelVersion) -> "Version":
        """From MLflow, which numbers versions by int or by text depending on the store."""
        return cls(version.name, str(version.version), str(version.run_id), dict(version.tags), sorted(version.aliases))


class Registry:
    """The versions of all models. `address` is MLFLOW_TRACKING_URI; RegistryError when nothing answers there."""

    def __init__(self, address: str) -> None:
        self.client = MlflowClient(tracking_uri=address, registry_uri=address)
        try:
            self.client.search_experiments(max_results=1)
        except MlflowException as error:
            raise RegistryError(
                f"MLflow does not answer at {address}: start the stack (make up) and try again"
            ) from error

    def register(self, candidate: Candidate) -> Version:
        """The version of this bundle served by this code: the one it already has, or a new one. The first version
        becomes champion, a later one challenger. A bundle measured anew gets another evaluation run, not another
        version."""
        model, identity = candidate.bundle.model, candidate.bundle.identity
        version = self.version_of(model, identity, candidate.serving_code)
        measured = digest([candidate.metrics, candidate.measured_with])
        if version is None:
            version = self._create(candidate, model, identity)
        if version.tags.get("metrics_sha256") != measured:
            self._log_evaluation(candidate, version.run_id)
            self.client.set_model_version_tag(model, version.number, "metrics_sha256", measured)
        champion = self.champion(model)
        if champion is None:
            self.client.set_registered_model_alias(model, CHAMPION, version.number)
        elif champion.number != version.number:
            self.client.set_registered_model_alias(model, CHALLENGER, version.number)
        return self.version(model, version.number)

    def version_of(self, model: str, identity: str, serving_code: str) -> Version | None:
        """The version of a bundle as this code serves it, if it was registered."""
        for version in self._versions(model):
            if (version.tags.get("bundle"), version.tags.get("serving_code")) == (identity, serving_code):
                return version
        return None

    def version(self, model: str, number: str) -> Version:
        """One version by its number. Raises RegistryError when it does not exist."""
        try:
            return Version.of(self.client.get_model_version(model, number))
        except MlflowException as error:
            if error.error_code not in NOT_THERE:
                raise
            known = ", ".join(sorted((each.number for each in self._versions(model)), key=int)) or "none"
            raise RegistryError(f"{model} has no version {number}; there is {known}") from error

    def champion(self, model: str) -> Version | None:
        """The version that serves, or is about to; None before the first one."""
        try:
            return Version.of(self.client.get_model_version_by_alias(model, CHAMPION))
        except MlflowException as error:
            if error.error_code not in NOT_THERE:
                raise
            return None

    def crown(self, model: str, number: str, tags: Mapping[str, str]) -> None:
        """Make a version the champion and keep in mind who it was before."""
        before = self.champion(model)
        if before is not None and before.number != number:
            self.client.set_registered_model_alias(model, PREVIOUS, before.number)
        self.client.set_registered_model_alias(model, CHAMPION, number)
        self.tag(model, number, tags)
        if CHALLENGER in self.version(model, number).aliases:
            self.client.delete_registered_model_alias(model, CHALLENGER)

    def tag(self, model: str, number: str, tags: Mapping[str, str]) -> None:
        for name, value in tags.items():
            self.client.set_model_version_tag(model, number, name, value)

    def keep_archive(self, model: str, number: str, archive: Path, sha256: str) -> None:
        """Put a packed archive beside its bundle. Once kept, a version's archive stays what it is. A champion that was
        never packed never served, so the first version that can serve takes its place."""
        version = self.version(model, number)
        kept = version.tags.get("archive_sha256")
        if kept == sha256:
            return
        if kept is not None:
            raise RegistryError(f"{model} {number} already has another archive; register the model again, then pack it")
        self.client.log_artifact(version.run_id, str(archive), "archive")
        self.client.set_model_version_tag(model, number, "archive_sha256", sha256)
        champion = self.champion(model)
        if champion is None or not champion.is_packed:
            self.crown(model, number, {})

    def fetch_archive(self, model: str, number: str, folder: Path) -> tuple[Path, str]:
        """Download a version's archive; returns it and the sha256 it must have. Raises RegistryError."""
        version = self.version(model, number)
        sha256 = version.tags.get("archive_sha256")
        if sha256 is None:
            raise RegistryError(f"{model} {number} was never packed: run the pipeline to its end first")
        try:
            path = self.client.download_artifacts(version.run_id, f"archive/{model}.mar", str(folder))
        except (MlflowException, OSError) as error:
            raise RegistryError(f"the archive of {model} {number} is not in the registry ({error})") from error
        return Path(path), sha256

    def _versions(self, model: str) -> list[Version]:
        found: list[Version] = []
        token: str | None = None
        while True:
            page = self.client.search_model_versions(f"name = '{model}'", page_token=token)
            found += [Version.of(each) for each in page]
            token = page.token
            if not token:
                return found

    def _create(self, candidate: Candidate, model: str, identity: str) -> Version:
        experiment = self._experiment(model)
        name = f"{model} {identity[:12]}"
        made_from = candidate.bundle.made_from
        ending = {"stopped_by": str(made_from["training"]["stopped_by"])} if candidate.is_trained_here else {}
        ending |= {name: str(edge) for name, edge in made_from.get("spans", {}).items()}
        tags = {"mlflow.runName": name, "bundle": identity, **candidate.tags, **ending}
        run_id = self.client.create_run(experiment, run_name=name, tags=tags).info.run_id
        self._log_params(run_id, candidate.params)
        self.client.log_inputs(run_id, [DatasetInput(_dataset(candidate.snapshot))])
        self.client.log_artifacts(run_id, str(candidate.bundle.folder), "bundle")
        self._log_curve(candidate, run_id, experiment)
        self.client.set_terminated(run_id)
        source = f"{self.client.get_run(run_id).info.artifact_uri}/bundle"
        try:
            self.client.create_registered_model(model)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        code = {"serving_code": candidate.serving_code}
        version_tags = {"bundle": identity, **code, "data_snapshot": str(candidate.snapshot["id"]), **ending}
        return Version.of(self.client.create_model_version(model, source, run_id, tags=version_tags))

    def _log_curve(self, candidate: Candidate, parent: str, experiment: str) -> None:
        now = int(time.time() * 1000)
        points = [Metric(name, value, now, step) for step, name, value in candidate.curve]
        self._log_points(parent, points)  # there too, so that the curves of several versions lie over each other
        lasted = max((second for second, _, _ in candidate.load), default=0)
        load = [Metric(name, value, now - 1000 * (lasted - second), second) for second, name, value in candidate.load]
        self._child(parent, experiment, f"fit {candidate.bundle.model}", points + load)

    def _log_evaluation(self, candidate: Candidate, run_id: str) -> None:
        now = int(time.time() * 1000)
        numbers = {
            name: float(value)
            for name, value in flattened(candidate.metrics).items()
            if isinstance(value, int | float) and not isinstance(value, bool)
        }
        points = [Metric(name, value, now, 0) for name, value in numbers.items()]
        experiment = self.client.get_run(run_id).info.experiment_id
        self._log_points(run_id, points)
        self._child(run_id, experiment, f"evaluate {candidate.bundle.model}", points, candidate.measured_with)
        self.client.log_dict(run_id, dict(candidate.metrics), "evaluation/metrics.json")
        if candidate.evaluation.is_dir():
            self.client.log_artifacts(run_id, str(candidate.evaluation), "evaluation")

    def _child(
        self, parent: str, experiment: str, name: str, points: list[Metric], params: Mapping[str, Any] | None = None
    ) -> None:
        tags = {"mlflow.runName": name, "mlflow.parentRunId": parent, "stage": name.split(maxsplit=1)[0]}
        child = self.client.create_run(experiment, run_name=name, tags=tags).info.run_id
        self._log_params(child, params or {})
        self._log_points(child, points)
        self.client.set_terminated(child)

    def _log_params(self, run_id: str, params: Mapping[str, Any]) -> None:
        self.client.log_batch(run_id, params=[Param(name, str(each)) for name, each in flattened(params).items()])

    def _log_points(self, run_id: str, points: list[Metric]) -> None:
        for begin in range(0, len(points), METRICS_PER_CALL):
            self.client.log_batch(run_id, metrics=points[begin : begin + METRICS_PER_CALL])

    def _experiment(self, model: str) -> str:
        name = f"tonearm {model}"
        found = self.client.get_experiment_by_name(name)
        return found.experiment_id if found else self.client.create_experiment(name)


def _dataset(snapshot: Mapping[str, Any]) -> Dataset:
    """The exported snapshot as an input of the run."""
    rows = snapshot["rows"]
    return Dataset(
        name="export",
        digest=str(snapshot["id"]),
        source_type="tonearm-export",
        source=f'{{"until": "{snapshot.get("until")}"}}',
        profile=f'{{"num_rows": {int(rows["plays"])}}}',
    )
