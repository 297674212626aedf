"""Makes job-v1.33.schema.json beside it: what Kubernetes 1.33 says a Job is, and all that it refers to, without the descriptions.

    pip download --no-deps kubernetes-validate==1.37.0
    python make_schema.py kubernetes_validate-1.37.0-py3-none-any.whl
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path

WHEEL = "85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9"
DEFINITIONS = "kubernetes_validate/kubernetes-json-schema/v1.33.0-local-strict/_definitions.json"
JOB = "io.k8s.api.batch.v1.Job"


def without_descriptions(value):
    if isinstance(value, dict):
        return {k: without_descriptions(v) for k, v in value.items() if not (k == "description" and isinstance(v, str))}
    return [without_descriptions(v) for v in value] if isinstance(value, list) else value


def references(value):
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "$ref":
                yield part.split("/")[-1]
            else:
                yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def main() -> None:
    wheel = Path(sys.argv[1])
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != WHEEL:
        sys.exit(f"{wheel} must have the SHA-256 {WHEEL}; it has {found}")
    definitions = json.loads(zipfile.ZipFile(wheel).read(DEFINITIONS))["$defs"]
    needed, waiting = {}, [JOB]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = without_descriptions(definitions[name])
            waiting += references(needed[name])
    lines = [f"{json.dumps(name)}: {json.dumps(needed[name], sort_keys=True)}" for name in sorted(needed)]
    text = '{"$ref": "#/$defs/%s", "$defs": {\n%s\n}}\n' % (JOB, ",\n".join(lines))
    Path(__file__).with_name("job-v1.33.schema.json").write_text(text)


if __name__ == "__main__":
    main()
