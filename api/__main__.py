"""`python -m api`: serve on HOST and PORT until told to stop."""

import argparse
import os
import shutil
import sys
import tempfile

from api.middleware.extras import traces_type
from api.middleware.logs import configure_logging
from api.server import ListenError, make_server
from models_ml.release.open_store import open_store
from models_ml.release.signing import verify_keys
from models_ml.release.store import StoreError
from models_ml.settings import SettingError, load_settings


def main() -> None:
    """Serve; exits with a sentence for settings that cannot be used."""
    argparse.ArgumentParser(
        prog="python -m api",
        description="Serves the store's current release on HOST and PORT.",
        epilog="Settings are environment variables: see docs/commands.md.",
    ).parse_args()
    try:
        settings = load_settings()
        # Each worker needs them; told here, no worker starts in vain.
        open_store(settings.store)
        verify_keys(settings)
        traces_type(settings)
    except (SettingError, StoreError) as error:
        sys.exit(str(error))
    configure_logging(settings.log_level)
    # Workers add up their metrics in files. Set before they start.
    folder = tempfile.mkdtemp(prefix="plateia-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    try:
        make_server(settings).serve()
    except ListenError as error:
        sys.exit(str(error))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
