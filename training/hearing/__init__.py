"""What the audio embedder learns from: the library, invented instruments, other audio, a teacher; and how it is
varied.
"""
