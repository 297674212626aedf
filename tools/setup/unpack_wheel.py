"""Unpacks the parts of a wheel that the engine needs, and writes a list of them once all are on the disk.

usage: python unpack_wheel.py WHEEL FOLDER MANIFEST
The manifest is JSON, path -> bytes. zipfile checks each file's CRC-32; pip has checked the whole wheel's hash.
"""

import json
import os
import re
import shutil
import sys
import zipfile

WANTED = re.compile(
    r"tensorflow/libtensorflow_(cc|framework)\.(so\.2|2\.dylib)$"
    r"|tensorflow/include/(tensorflow/c|tensorflow/core/platform|tsl/platform|xla/tsl/c)/.*\.h$"
    r"|tensorflow/include/LICENSE$"
    r"|nvidia/(?!.*/include/).*(?<!\.a)(?<!\.h)$"
    r"|[^/]+\.dist-info/(LICENSE[^/]*|METADATA|licenses/.*)$"
)


def main(wheel: str, folder: str, manifest: str) -> None:
    sizes: dict[str, int] = {}
    with zipfile.ZipFile(wheel) as archive:
        for info in archive.infolist():
            if info.is_dir() or not WANTED.match(info.filename):
                continue
            target = os.path.join(folder, info.filename)
            if not os.path.realpath(target).startswith(os.path.realpath(folder) + os.sep):
                raise SystemExit(f"{info.filename} would leave the folder")
            os.makedirs(os.path.dirname(target), exist_ok=True)
            # Beside it and renamed: a process that has the old file mapped keeps it.
            with archive.open(info) as source, open(target + ".partial", "wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())
            # Programs (ptxas) stay programs; others on this machine may read and run what lies in a shared folder.
            is_program = (info.external_attr >> 16) & 0o100
            os.chmod(target + ".partial", 0o755 if is_program else 0o644)
            os.replace(target + ".partial", target)
            sizes[info.filename] = info.file_size
    if not sizes:
        raise SystemExit("nothing in this wheel belongs to the engine")
    with open(manifest + ".partial", "w", encoding="utf-8") as out:
        json.dump(sizes, out, indent=1, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())
    os.replace(manifest + ".partial", manifest)


if __name__ == "__main__":
    main(*sys.argv[1:4])
