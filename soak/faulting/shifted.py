"""The application under a wall clock that jumps; to be imported by a server alone, since it changes the process."""

from soak.faulting import wall

wall.install()

from app.main import create_app  # noqa: E402

app = create_app()
