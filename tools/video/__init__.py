"""The studio that makes the video from ``docs/video/roteiro.md``."""
