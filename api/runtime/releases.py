"""The release that serves, and its exchange for a newer one.

A poll of the store's pointer finds a new release; it is fetched, verified,
opened and tried while the old one serves, and then takes its place in one
assignment. A request takes `current` once and keeps it to its end, so that
model and candidates never mix; the old release's files close with the last
request that holds it.
"""

import asyncio
import contextlib
import datetime
import gc
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from api import schemas, service
from api.middleware.logs import RELEASES
from api.middleware.metrics import Metrics
from api.service.catalogue import Catalogue, CatalogueError
from api.service.release import LoadedRelease
from models_ml.release.fetched import fetched_manifests
from models_ml.release.keys import VerifyKeys
from models_ml.release.load import Release, load_last_good, load_release
from models_ml.release.manifest import ReleaseRefused
from models_ml.release.open_store import open_store
from models_ml.release.pointer import Pointer, current_pointer
from models_ml.release.signing import verify_keys
from models_ml.release.store import NotInStore, Store, StoreError
from models_ml.release.trust import Trusted
from models_ml.settings import Settings
from models_ml.vocabulary import FILM_RANKINGS, UNKNOWN

#: Seconds that a start waits for the first release before it listens.
START_WAIT = 2.0
#: Seconds after which a refused release is tried again.
RETRY_SECONDS = 60.0


#: What is told of a refusal. Details, which may name paths and hosts, are in
#: the log.
REASONS: Final[dict[schemas.RefusalCode, str]] = {
    "empty_store": "no release was published yet",
    "store": "the store cannot be read",
    "pointer": "current.json cannot be trusted: it is damaged, expired,"
    " an old one, or signed with another key",
    "release": "the release is damaged, or does not fit this code",
}


@dataclass(frozen=True)
class Refusal:
    """Why what the store's pointer names does not serve."""

    version: str | None
    """None: the pointer could not be read."""
    code: schemas.RefusalCode
    since: float = field(default_factory=time.monotonic, compare=False)
    """When it was refused, by the monotonic clock."""

    @property
    def reason(self) -> str:
        """The code in words."""
        return REASONS[self.code]


class Releases:
    """Keeps `current` at what the store's pointer names."""

    def __init__(
        self,
        store: Store,
        cache: Path,
        keys: VerifyKeys,
        metrics: Metrics,
        *,
        poll_seconds: float,
        deadline_seconds: float,
    ) -> None:
        self.current: LoadedRelease | None = None
        self.refusal: Refusal | None = None
        self.last_poll: datetime.datetime | None = None
        """When the store was last read and its pointer found good."""
        self._store = store
        self._cache = cache
        self._keys = keys
        self._trusted = Trusted(store, cache)
        self._poll_seconds = poll_seconds
        self._deadline_seconds = deadline_seconds
        self._metrics = metrics

    @classmethod
    def from_settings(cls, settings: Settings, metrics: Metrics) -> "Releases":
        """Releases of the store, cache and key that are set."""
        return cls(
            open_store(settings.store),
            settings.cache,
            verify_keys(settings),
            metrics,
            poll_seconds=settings.poll_seconds,
            deadline_seconds=settings.look_seconds,
        )

    def poll(self) -> None:
        """Serve what the pointer names now, unless it may not serve."""
        version = None
        try:
            with self._store.within(self._deadline_seconds):
                pointer = current_pointer(
                    self._store, self._keys, self._trusted.lowest(self._keys)
                )
                version = pointer.version
                self.last_poll = datetime.datetime.now(datetime.UTC)
                if self._was_refused(version):
                    return
                if self.current and version == self.current.version:
                    self.refusal = None
                else:
                    self._serve(self._load(version))
            self._accept(pointer)
        except ReleaseRefused as error:
            self._refuse(
                "release" if version else "pointer", version, error.reason
            )
        except NotInStore as error:
            self._refuse("empty_store", None, str(error))
        except StoreError as error:
            self._refuse("store", None, str(error))
        except Exception as error:
            # Whatever is wrong with it, or with the disk, the old one serves.
            RELEASES.exception("a release failed in a way not foreseen")
            reason = f"{type(error).__name__}: {error}"
            self._refuse("release", version, reason)

    def _accept(self, pointer: Pointer) -> None:
        """Note it for the next start; what serves does not depend on it."""
        try:
            self._trusted.accept(pointer)
        except OSError as error:
            RELEASES.warning(
                "the record of accepted releases cannot be written",
                extra={"data": {"reason": str(error)}},
            )

    def _was_refused(self, version: str) -> bool:
        """Whether it was, lately: what was wrong may have been put right."""
        refusal = self.refusal
        return (
            refusal is not None
            and refusal.version == version
            and time.monotonic() - refusal.since < RETRY_SECONDS
        )

    def _load(self, version: str) -> LoadedRelease:
        release = load_release(self._store, version, self._cache, self._keys)
        return self._opened(release)

    def _opened(self, release: Release) -> LoadedRelease:
        fetched = fetched_manifests(self._cache, self._keys)
        return replace(open_release(release), fetched=fetched)

    def _serve(self, loaded: LoadedRelease) -> None:
        # In this order: whoever sees the release sees all else of it too.
        self._metrics.release(loaded.version)
        self.refusal = None
        self.current = loaded
        # Nothing of a release is ever garbage in a cycle: spare the collector
        # from looking at it again and again while questions wait.
        gc.collect()
        gc.freeze()
        RELEASES.info(
            "release serves", extra={"data": {"release": loaded.version}}
        )

    def serve_last_good(self) -> None:
        """At a start: what served before, without asking the store."""
        try:
            release = load_last_good(self._store, self._cache, self._keys)
            if release is not None:
                self._serve(self._opened(release))
        except Exception:
            # The store may hold it whole.
            RELEASES.exception("the release that served last cannot serve")

    def _refuse(
        self, code: schemas.RefusalCode, version: str | None, reason: str
    ) -> None:
        refusal = Refusal(version, code)
        if refusal != self.refusal:
            self._metrics.refusals.labels(code).inc()
            RELEASES.error(
                "release refused",
                extra={"data": {"release": version, "reason": reason}},
            )
        self.refusal = refusal

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Poll the pointer in the background.

        Goes on at once with the release that served last; without one it
        waits a little for the store.
        """
        first = asyncio.Event()
        task = asyncio.create_task(self._watch(first))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(first.wait(), START_WAIT)
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _watch(self, first: asyncio.Event) -> None:
        await asyncio.to_thread(self.serve_last_good)
        if self.current is not None:
            first.set()
        while True:
            started = time.monotonic()
            await asyncio.to_thread(self.poll)
            first.set()
            spent = time.monotonic() - started
            await asyncio.sleep(max(self._poll_seconds - spent, 0.05))


def open_release(release: Release) -> LoadedRelease:
    """The release, opened and tried out; else ReleaseRefused."""
    try:
        catalogue = Catalogue(release.serving, release.film.vocabulary)
        if not np.array_equal(catalogue.movie_ids, release.person.movie_ids):
            raise CatalogueError("its films are not those of the model")
        nobody = release.person.score((UNKNOWN,) * 4)
        loaded = LoadedRelease(
            version=release.version,
            manifest=release.manifest,
            person=release.person,
            film=release.film,
            new_films=release.new_films,
            zip_prefixes=release.zip_prefixes,
            catalogue=catalogue,
            baseline_values={
                name: release.person.rank_scores(nobody, name)
                for name in FILM_RANKINGS
            },
        )
        _try_out(loaded)
    except CatalogueError as error:
        raise ReleaseRefused(release.version, str(error)) from error
    return loaded


def _try_out(loaded: LoadedRelease) -> None:
    """Ask both questions once: it also makes the first request quick.

    They are asked in words of the data: own tables may have no other.
    """
    words = loaded.vocabulary
    profile = schemas.ProfileRequest(
        gender=words.genders[0], age_group=words.age_groups[0]
    )
    service.recommend(loaded, schemas.RecommendationRequest(profile=profile))
    film = schemas.FilmRequest(title="A film", genres=words.genres[:1])
    service.find_audience(loaded, schemas.AudienceRequest(movie=film))
