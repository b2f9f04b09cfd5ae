"""What serves, and the words that questions use."""

from api import schemas
from api.service.card import model_card
from api.service.labels import CLASS_LABELS
from api.service.release import LoadedRelease
from models_ml.release.manifest import Manifest
from models_ml.release.quality import read_quality
from models_ml.vocabulary import RELEASE_WIDTHS


def segments(release: LoadedRelease) -> schemas.Segments:
    """The words a question may use, and how many people each level has."""
    people = release.catalogue.people
    total = release.catalogue.n_users
    dimensions = []
    for axis, (name, levels) in enumerate(
        release.vocabulary.dimensions.items()
    ):
        others = tuple(k for k in range(people.ndim) if k != axis)
        counts = people.sum(axis=others).tolist()
        dimensions.append(
            schemas.DimensionLevels(
                name,
                tuple(
                    schemas.Level(level, n, n / total if total else 0.0)
                    for level, n in zip(levels, counts, strict=True)
                ),
            )
        )
    return schemas.Segments(
        release=release.version,
        data_generated=release.data_generated,
        n_users=total,
        dimensions=tuple(dimensions),
        genres=release.vocabulary.genres,
        release_widths=tuple(
            schemas.ReleaseWidth(name, n_raters, RELEASE_WIDTHS[name])
            for name, n_raters in release.film.known_films.widths.items()
        ),
        rating_classes=tuple(
            schemas.RatingClass(number, *labels)
            for number, labels in CLASS_LABELS
        ),
    )


def releases(release: LoadedRelease) -> schemas.Releases:
    """The releases that this server holds, the newest first."""
    return schemas.Releases(
        release=release.version,
        data_generated=release.data_generated,
        items=tuple(
            _held(manifest, release.version)
            for manifest in release.fetched or (release.manifest,)
        ),
    )


def _held(manifest: Manifest, serving: str) -> schemas.HeldRelease:
    quality = read_quality(manifest.metrics)
    person, film = quality.new_person, quality.new_film
    return schemas.HeldRelease(
        version=manifest.version,
        created=manifest.created,
        data_kind=manifest.data_kind,
        data_digest=manifest.data_digest,
        n_ratings=manifest.n_ratings,
        new_person_log_loss=person.log_loss if person else None,
        new_film_log_loss=film.log_loss if film else None,
        is_serving=manifest.version == serving,
    )


def model_info(release: LoadedRelease) -> schemas.ModelInfo:
    """The release that serves: its version, data, metrics and model card."""
    manifest = release.manifest
    return schemas.ModelInfo(
        release=release.version,
        data_generated=release.data_generated,
        card=model_card(release),
        data_kind=release.data_kind,
        created=manifest.created,
        data_digest=manifest.data_digest,
        n_movies=len(release.catalogue.movie_ids),
        n_users=release.catalogue.n_users,
        metrics=manifest.metrics,
        libraries=manifest.libraries,
        feature_names=tuple(manifest.feature_names),
        rows=manifest.rows,
        files={name: file.sha256 for name, file in manifest.files.items()},
    )
