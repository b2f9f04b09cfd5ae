"""Training: choose the best candidate for each question, then refit it."""

from collections.abc import Callable, Mapping
from typing import Any

from models_ml.comparison import (
    SERVED,
    best_of,
    compare_films,
    compare_people,
    try_film,
    try_person,
)
from models_ml.experiments import Run, library_versions
from models_ml.film.fit import fit_audience_predictor
from models_ml.lab import SELECTION, TEST, Lab
from models_ml.person.fit import fit_person_predictor
from models_ml.release.payload import dump_payload
from models_ml.search import search_films, search_people
from models_ml.settings import Settings
from models_ml.trained import RECORD, inputs_digest, write_record
from models_ml.vocabulary import DIMENSIONS, GENRES
from models_ml.warehouse import export_serving, read_zip_prefixes

Say = Callable[[str], None]
Params = Mapping[str, Any]


def train(settings: Settings, *, search: bool, say: Say) -> None:
    """Compare the candidates, measure the winners, refit them on all data.

    With `search`, settings are searched first, on the validation folds.
    Every run is saved below `settings.runs`; `settings.trained` is left with
    what `publish` takes.
    """
    lab = Lab.of(settings, say)
    say(
        f"{len(lab.dataset.ratings):,} ratings by {len(lab.dataset.users):,}"
        f" people of {len(lab.dataset.movies):,} films"
    )
    people = compare_people(lab, SELECTION, "validation")
    films = compare_films(lab, SELECTION, "validation")
    if search:
        people |= search_people(lab, SERVED["new_person"], people)
        films |= search_films(lab, SERVED["new_film"], films)
    person = _chosen("new_person", people, say)
    film = _chosen("new_film", films, say)
    record = {
        "inputs": inputs_digest(settings),
        "data_digest": lab.dataset.digest,
        "data_generated": lab.generated,
        "libraries": library_versions(),
        "feature_names": [*DIMENSIONS, "title", "year", *GENRES],
        "params": {"new_person": person.params, "new_film": film.params},
        "metrics": {
            "new_person": _summary(lab, people, person),
            "new_film": _summary(lab, films, film),
        },
    }
    _write_trained(settings, lab, person.params, film.params, say)
    write_record(settings, record)


def _chosen(task: str, runs: Mapping[str, Run], say: Say) -> Run:
    """The best run of the candidate that a release can serve.

    Where a baseline has the lower loss, as can happen on very little data,
    that is said and recorded: it cannot answer all that the API is asked.
    """
    best = best_of(runs)
    served = {
        name: run
        for name, run in runs.items()
        if run.candidate == SERVED[task]
    }
    chosen = served[best_of(served)]
    if runs[best] is not chosen:
        say(
            f"{task}: NOTE {best} has a lower validation log-loss than"
            f" {chosen.candidate}, and cannot be served"
        )
    say(f"{task}: {chosen.candidate} is kept")
    return chosen


def _summary(lab: Lab, runs: Mapping[str, Run], chosen: Run) -> dict[str, Any]:
    """What the manifest tells of a model: how it compared, how it did."""
    attempt = try_person if chosen.task == "new_person" else try_film
    tested = attempt(lab, TEST, "test", chosen.candidate, chosen.params)
    return {
        "candidate": chosen.candidate,
        "lowest_validation_log_loss": best_of(runs),
        "validation_log_loss": {
            name: run.metrics["log_loss"] for name, run in runs.items()
        },
        "test": tested.metrics,
    }


def _write_trained(
    settings: Settings, lab: Lab, person: Params, film: Params, say: Say
) -> None:
    """Refit both predictors on all folds and write what `publish` takes.

    `training.json` goes first and comes last: a folder without it is not
    finished.
    """
    folder = settings.trained
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RECORD).unlink(missing_ok=True)
    say("fitting the person predictor on all people")
    person_state = fit_person_predictor(lab.dataset, person).to_state()
    say("fitting the audience predictor on all films")
    film_state = fit_audience_predictor(lab.dataset, film).to_state()
    regions = {
        prefix: region for prefix, (_, region) in read_zip_prefixes().items()
    }
    (folder / "model.pkl").write_bytes(
        dump_payload(person_state, film_state, regions)
    )
    export_serving(settings.warehouse, folder / "serving.duckdb")
