"""The commands that pages offer for copying. Tests run them as they stand."""

from __future__ import annotations

from releases.artifacts import manifest, sums
from releases.artifacts.queries import artifacts_of
from releases.models import Release


def signing(release: Release, address: str) -> dict[str, str]:
    """Give the commands by which a sealed release is fetched and signed; `address` is where its files lie."""
    names = [artifact.name for artifact in artifacts_of(release)]
    names += [manifest.NAME, manifest.SBOM_NAME, sums.NAME]
    fetch = "\n".join(f'curl -fLO -H "Authorization: Bearer $TOKEN" {address}{name}' for name in names)
    comment = f"{release.component.slug} {release.version}"
    return {
        "fetch_command": fetch,
        "sign_command": f"minisign -S -H -s team.key -m {sums.NAME} -t '{comment}'",
    }


def sending(release: Release, address: str) -> str:
    """Give the command by which a build script sends a file; `address` is where the API takes it."""
    return (
        f'curl -f -H "Authorization: Bearer $TOKEN" -T firmware.bin "{address}firmware.bin?hardware=platform/revision"'
    )
