"""What serves, and the words that questions use."""

from api import schemas
from api.service.card import model_card
from api.service.labels import CLASS_LABELS
from api.service.release import LoadedRelease
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
