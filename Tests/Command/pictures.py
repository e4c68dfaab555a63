"""Pictures of the documents."""
import os

from harness import case, equal, read, tap


@case
def the_pictures_of_the_documents_are_those_of_the_scenarios(folder):
    for name in ["waveforms", "noise", "bounce", "serial", "current-loop", "trouble"]:
        path = os.path.join(folder, name + ".svg")
        tap("sim", "plot", f"scenarios/{name}.yaml", "--from", "0s", "--out", path)
        equal(read(path) == read(f"docs/pictures/{name}.svg"), True)
    path = os.path.join(folder, "feeder.svg")
    lanes = ["--line", "TRIP_REL", "--line", "52A", "--line", "52B", "--line", "CLOSE_CMD", "--channel", "bay.IA",
             "--channel", "bay.UA", "--claim", "I_A"]
    tap("sim", "plot", "scenarios/attacks/feeder-setting-raised.yaml", "--from", "479.8s", "--to", "482.5s", *lanes,
        "--out", path)
    equal(read(path) == read("docs/pictures/feeder-setting-raised.svg"), True)
    lanes = [word for line in ["XV1_ZSO", "DOSE_STEP", "AGIT_FB"] for word in ["--line", line]]
    lanes += [word for channel in ["WIT1", "AIT1", "HEAT_I"] for word in ["--channel", f"batch.{channel}"]]
    lanes += [word for claim in ["WEIGHT", "PH", "SP_PH"] for word in ["--claim", claim]]
    path = os.path.join(folder, "batch.svg")
    tap("sim", "plot", "scenarios/attacks/batch-overdosed.yaml", "--to", "50min", *lanes, "--out", path)
    equal(read(path) == read("docs/pictures/batch-overdosed.svg"), True)
