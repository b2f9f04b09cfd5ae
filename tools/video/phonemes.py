"""From Portuguese words to the phonemes that Kokoro was trained on.

Kokoro reads espeak-ng's International Phonetic Alphabet, with sounds that
espeak ties together (``t^ʃ``) as one letter.
"""

import re
import subprocess

TIED = {
    "d^ʒ": "ʤ",
    "t^ʃ": "ʧ",
    "a^ɪ": "I",
    "a^ʊ": "W",
    "e^ɪ": "A",
    "o^ʊ": "O",
    "ɔ^ɪ": "Y",
    "t^s": "ʦ",
    "d^z": "ʣ",
}
PIECE = re.compile(r"[^,.;:!?…]+|[,.;:!?…]+")


def phonemes(text: str) -> str:
    """Phonemes of *text*, its punctuation kept: it shapes the melody.

    Raises FileNotFoundError if espeak-ng is not installed.
    """
    parts = []
    for piece in PIECE.findall(text):
        if piece.strip(" ,.;:!?…"):
            parts.append(_said(piece.strip(' “”"()«»\n')))
        else:
            parts.append(f"{piece.strip()[:1]} ")
    return " ".join("".join(parts).split())


def _said(words: str) -> str:
    command = ["espeak-ng", "-q", "-v", "pt-br", "--ipa", "--tie=^", words]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True
    ).stdout
    text = " ".join(done.split())
    for tied, letter in TIED.items():
        text = text.replace(tied, letter)
    return text.replace("^", "").replace("-", "")
