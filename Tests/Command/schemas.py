"""JSON Schemas, by which editors explain files: they have what the readers have, and every shipped file meets its own."""
import json
import os
import re

import scenarios
import sites
from harness import Skip, case, equal, tap, write


def load(path):
    with open(path) as file:
        return json.load(file)


SCENARIO = load("scenarios/scenario.schema.json")
SITE = load("sites/site.schema.json")
FORMS = SCENARIO["$defs"]


def refusal(folder, text):
    """What a scenario is refused with."""
    return tap("lines", "--sim", write(folder, "s.yaml", scenarios.HEAD + text), status=65).err


def has_keys(err, form):
    """A reader lists its keys where one is unknown."""
    found = re.search(r"unknown key 'zzzzzzzz' in [^:;]*[:;] its keys are (.*)", err)
    assert found, err
    equal(sorted(found[1].split(", ")), sorted(form["properties"]))


def has_words(err, words):
    """And its words."""
    found = re.search(r"(?:is not known|one is expected)[:;] write (.*)", err)
    assert found, err
    equal(re.split(", | or ", found[1]), words)


def waves(form):
    return {wave["title"]: wave for wave in FORMS[form]["anyOf"] if wave["title"] != "a named wave"}


@case
def the_schema_of_scenarios_has_the_keys_of_their_reader(folder):
    digital = "lines: [{%sname: A, wave: %s}]\n"
    analog = "converters: [{name: c, rate: 1, channels: [{%sname: A, unit: V, range: [0, 1], wave: %s}]}]\n"
    for form, text, other in [("line", digital, "sine"), ("channel", analog, "pwm")]:
        for kind, wave in waves(form).items():
            has_keys(refusal(folder, text % ("zzzzzzzz: 1, ", kind)), wave)
        has_words(refusal(folder, text % ("", other)), list(waves(form)))
    for form, text in [("kernel", "kernel: {zzzzzzzz: 1}\n"), ("fault", "faults: [{zzzzzzzz: 1}]\n"),
                       ("claimChannel", "claims: [{tag: T, of: {wave: constant}, every: 1s}]\nchannel: {zzzzzzzz: 1}\n")]:
        has_keys(refusal(folder, scenarios.LINE + text), FORMS[form])
    err = refusal(folder, scenarios.LINE + "faults: [{fault: zzzzzzzzzzzz, at: 1s, for: 1s}]\n")
    has_words(err, FORMS["fault"]["properties"]["fault"]["enum"])


@case
def the_schema_of_scenarios_has_the_keys_of_each_plant(folder):
    for name in ["pumpStation", "feederBay", "batchPlant"]:
        keys = FORMS[name]["properties"]
        plant = f"plant: {{kind: {keys['kind']['const']}, %s}}\n"
        has_keys(refusal(folder, plant % "zzzzzzzz: 1"), FORMS[name])
        for section, form in keys.items():
            if form.get("type") == "object":
                has_keys(refusal(folder, plant % f"{section}: {{zzzzzzzz: 1}}"), form)
        event = keys["events"]["items"]
        has_keys(refusal(folder, plant % "events: [{zzzzzzzz: 1}]"), event)
        has_words(refusal(folder, plant % "events: [{what: zzzzzzzz, at: 1s, for: 1s}]"), event["properties"]["what"]["enum"])


@case
def the_schema_of_sites_has_the_keys_of_their_reader(folder):
    tag = "claims: {h: {every: 1s, late: 0s, tags: {T: {zzzzzzzz: 1}}}}\n"
    forms = SITE["$defs"]
    for form, text in [
            (SITE, "zzzzzzzz: 1\n"), (forms["source"], "claims: {h: {zzzzzzzz: 1}}\n"), (forms["tag"], tag),
            (forms["work"], "work: {w: {zzzzzzzz: 1}}\n"), (forms["rule"], "rules: {r: {zzzzzzzz: 1}}\n")]:
        has_keys(tap("site", "check", write(folder, "s.yaml", sites.HEAD + text), status=65).err, form)


@case
def every_shipped_file_meets_its_schema():
    try:
        import jsonschema
        import referencing
        import yaml
    except ImportError:
        raise Skip("jsonschema and PyYAML are not installed, and no package index gave them")
    # The one of boards names a part of that of scenarios.
    others = referencing.Registry().with_resource(
        "../scenarios/scenario.schema.json", referencing.Resource.from_contents(SCENARIO))
    for folders, schema in [(["scenarios", "scenarios/attacks"], SCENARIO), (["sites"], SITE),
                            (["boards"], load("boards/board.schema.json"))]:
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema, registry=others)
        paths = [os.path.join(folder, name) for folder in folders for name in sorted(os.listdir(folder)) if name.endswith(".yaml")]
        assert len(paths) > 1, paths
        for path in paths:
            with open(path) as file:
                equal([f"{path}: {error.message[:200]}" for error in validator.iter_errors(yaml.safe_load(file))], [])
    for name in sorted(os.listdir("sites")):
        if name.endswith(".yaml"):
            tap("site", "check", f"sites/{name}")
