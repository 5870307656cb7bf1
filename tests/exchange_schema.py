"""Checks JSON Lines against docs/exchange.schema.json.

usage: exchange_schema.py SCHEMA GOOD.jsonl BAD.jsonl

Each line of GOOD must be valid, and each line of BAD must not be. Needs python3-jsonschema; without it
this fails, as nothing would have been checked.
"""
import json
import sys

import jsonschema


def documents(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main(schema_path, good_path, bad_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    good, bad = documents(good_path), documents(bad_path)
    wrong = 0
    for number, document in enumerate(good, 1):
        for error in validator.iter_errors(document):
            print(f"{good_path}:{number}: {error.message[:200]}")
            wrong += 1
    for number, document in enumerate(bad, 1):
        if validator.is_valid(document):
            print(f"{bad_path}:{number}: the schema permits this, and should not")
            wrong += 1
    if not good or not bad:
        print("there was nothing to check")
        wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
