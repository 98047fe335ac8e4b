"""Validates documents of the Prometheus Operator against its CRDs: kubernetes.py CRD_FOLDER FILE..."""
import pathlib, sys

import jsonschema, yaml


def closed(schema):
    """The schema as the API server prunes by it: a key that it does not name is a mistake."""
    if isinstance(schema, dict):
        schema = {key: closed(value) for key, value in schema.items()}
        if "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
            schema.setdefault("additionalProperties", False)
        if schema.get("x-kubernetes-int-or-string"):
            schema.pop("type", None)
    elif isinstance(schema, list):
        schema = [closed(value) for value in schema]
    return schema


# A lone "=" is a plain word in the CRDs, and a tag without a constructor to PyYAML.
yaml.SafeLoader.yaml_implicit_resolvers.pop("=", None)
schemas = {}
for path in pathlib.Path(sys.argv[1]).glob("monitoring.coreos.com_*.yaml"):
    crd = yaml.safe_load(path.read_text())
    for version in crd["spec"]["versions"]:
        schema = closed(version["schema"]["openAPIV3Schema"])
        schema["properties"]["metadata"] = {"type": "object"}
        schemas[f'{crd["spec"]["group"]}/{version["name"]}', crd["spec"]["names"]["kind"]] = schema

faults = 0
for name in sys.argv[2:]:
    for document in yaml.safe_load_all(pathlib.Path(name).read_text()):
        key = document["apiVersion"], document["kind"]
        for error in jsonschema.Draft202012Validator(schemas[key]).iter_errors(document):
            faults += 1
            print(f"{name}: {error.json_path}: {error.message}", file=sys.stderr)
sys.exit(faults > 0)
