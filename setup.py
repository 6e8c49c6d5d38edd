"""What pyproject.toml can't say: the top level goes into the package, and the pins of the
requirement files are its dependencies."""

from pathlib import Path

from setuptools import find_namespace_packages, setup

ROOMS = find_namespace_packages(include=["humanpose*"], exclude=["*.__pycache__"])
"""Every folder inside the package, those of drawings, too."""
BESIDE = [".streamlit/config.toml", "checkpoints/best_*", "pages/*.py"]
"""What the app needs of the top level; ``app.py`` goes along as a module."""
TESTING = ("pytest", "iniconfig", "pluggy")
"""What requirements.txt holds for the tests alone."""


def pins(*names: str) -> list[str]:
    """The pins of requirement files."""
    lines = [line for name in names for line in Path(name).read_text("utf-8").splitlines()]
    return [pin for line in lines if (pin := line.partition("#")[0].strip())]


setup(
    script_name="setup.py",  # this file stays out of the wheel, also where pip builds it
    packages=[*ROOMS, "humanpose.installation"],
    package_dir={"humanpose.installation": "."},
    package_data={room: ["*"] for room in ROOMS} | {"humanpose.installation": BESIDE},
    install_requires=[pin for pin in pins("requirements.txt") if not pin.startswith(TESTING)],
    extras_require={
        "batch": pins("requirements-ray.txt"),
        "oidc": pins("requirements-oidc.txt"),
        "lstm": pins("requirements-augment.txt"),
        "train": pins("requirements-train.txt"),
        "dev": [
            *(pin for pin in pins("requirements.txt") if pin.startswith(TESTING)),
            *pins("requirements-train.txt", "requirements-dev.txt", "requirements-docs.txt"),
        ],
    },
)
