"""Files that are written whole or not at all."""

import os
import stat
import threading
from pathlib import Path

import pytest

from softmax_cli.errors import InputError, ReadWriteError
from softmax_cli.io.streams.output import open_output

AS_ROOT = getattr(os, "geteuid", lambda: None)() == 0


def put(path: Path | str, data: bytes = b"new") -> None:
    """Write the data as a run does."""
    with open_output(str(path), binary_format=False) as sink:
        sink.write(data)


def test_new_file(tmp_path: Path) -> None:
    """A new file has the mode that the umask leaves, and nothing stays beside it."""
    old = os.umask(0o027)
    try:
        put(tmp_path / "p.csv")
    finally:
        os.umask(old)
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]
    assert stat.S_IMODE((tmp_path / "p.csv").stat().st_mode) == 0o640


def test_existing_file_keeps_its_mode(tmp_path: Path) -> None:
    """An existing file is replaced as a whole, and keeps its mode."""
    path = tmp_path / "p.csv"
    path.write_bytes(b"old")
    path.chmod(0o604)
    put(path)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_failure_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    """However the run fails, the old file stays as it was, and nothing is left beside it."""
    path = tmp_path / "p.csv"
    path.write_bytes(b"old")

    def half_a_run() -> None:
        with open_output(str(path), binary_format=False) as sink:
            sink.write(b"half")
            assert path.read_bytes() == b"old"
            raise error

    with pytest.raises(error):
        half_a_run()
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_links_are_followed(tmp_path: Path) -> None:
    """A link stays a link, and the file that it points to is written, even if it did not exist."""
    (tmp_path / "far").mkdir()
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "far" / "real.csv")
    for data in (b"one", b"two"):
        put(link, data)
        assert link.is_symlink()
        assert (tmp_path / "far" / "real.csv").read_bytes() == data
    assert len(list((tmp_path / "far").iterdir())) == 1


def test_devices_are_written_directly() -> None:
    """A device stays a device."""
    put("/dev/null")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_fifo_is_written_directly(tmp_path: Path) -> None:
    """A FIFO gets the bytes."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    got: list[bytes] = []
    thread = threading.Thread(target=lambda: got.append(fifo.read_bytes()))
    thread.start()
    put(fifo)
    thread.join()
    assert got == [b"new"]
    assert stat.S_ISFIFO(fifo.stat().st_mode)


def test_bad_places(tmp_path: Path) -> None:
    """A directory and a missing folder are input errors that name them."""
    with pytest.raises(InputError, match="is a directory, not a file"):
        put(tmp_path)
    with pytest.raises(InputError, match="new/: is a directory, not a file"):
        put(f"{tmp_path}/new/")
    with pytest.raises(InputError, match="--output: the name of the file is empty"):
        put("")
    missing = tmp_path / "no" / "p.csv"
    with pytest.raises(InputError) as caught:
        put(missing)
    assert str(caught.value) == f"{missing}: the folder does not exist"
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="a part of the path is not a directory"):
        put(tmp_path / "file" / "p.csv")
    with pytest.raises(InputError, match="too long for the name of a file"):
        put(tmp_path / ("x" * 300))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_full_disk() -> None:
    """A full disk is an error with the path, at the write."""
    with pytest.raises(ReadWriteError) as caught:
        put("/dev/full")
    assert str(caught.value) == "/dev/full: no space left on the device"


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_no_permission(tmp_path: Path) -> None:
    """A file or folder that we may not write is an error, and stays as it is."""
    path = tmp_path / "p.csv"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(ReadWriteError, match="permission denied"):
        put(path)
    tmp_path.chmod(0o555)
    with pytest.raises(ReadWriteError, match="permission denied"):
        put(tmp_path / "new.csv")
    tmp_path.chmod(0o755)
    assert path.read_bytes() == b"old"


def test_input_is_output(tmp_path: Path) -> None:
    """A file may be read while it is written: it is replaced at the end."""
    path = tmp_path / "p.csv"
    path.write_bytes(b"1,2\n")
    with path.open("rb") as old, open_output(str(path), binary_format=False) as sink:
        sink.write(b"x")
        sink.write(old.read())
    assert path.read_bytes() == b"x1,2\n"


def test_closed_pipe() -> None:
    """A reader that has gone is left to main(): a BrokenPipeError."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    from softmax_cli.io.streams.sink import Sink

    with pytest.raises(BrokenPipeError):
        Sink("pipe", write_end).write(b"x")
    os.close(write_end)
