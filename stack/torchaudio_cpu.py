"""`python -m stack.torchaudio_cpu`: lets torchaudio be imported beside a torch without CUDA.

The only wheel of torchaudio 2.11 carries native libraries that link CUDA, so on a CPU build of torch the import fails
on `libc10_cuda.so`. What we use of it (MelSpectrogram, resample) is pure Python, and the package provides for a build
without its native part: it looks whether the libraries are there. So they are removed, and only where torch has no
CUDA. Running it again changes nothing.
"""

from importlib.metadata import distribution
from pathlib import Path

from stack.packages import folder


def torch_needs_cuda() -> bool:
    """Whether the installed torch is a CUDA build, without importing it (which takes seconds)."""
    needs = distribution("torch").requires or []
    return any(need.startswith(("nvidia-", "cuda-")) for need in needs)


def native_libraries() -> list[Path]:
    return sorted((folder("torchaudio") / "lib").glob("*.so"))


def main() -> None:
    if torch_needs_cuda():
        print("torch has CUDA: torchaudio keeps its native libraries")
        return
    removed = native_libraries()
    for library in removed:
        library.unlink()
    print(f"torch has no CUDA: {len(removed)} native libraries of torchaudio removed")


if __name__ == "__main__":
    main()
