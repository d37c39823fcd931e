"""What one export may ask for: settings of the server, told to whoever asks first."""

from dataclasses import asdict, dataclass

from app.settings import Settings
from compute.errors import ConvError


@dataclass(frozen=True, slots=True)
class Limits:
    """Frames of one export, pixels of one frame, bytes that are sent or made, seconds until the file is done."""

    frames: int
    pixels: int
    bytes: int
    seconds: int

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """The limits by the server's settings."""
        return cls(
            settings.export_frames,
            settings.export_pixels,
            settings.export_bytes,
            settings.export_seconds,
        )

    def document(self) -> dict[str, int]:
        """The limits as `GET /api/v1/exports` has them."""
        return asdict(self)

    def check(self, frames: int, width: int, height: int) -> None:
        """Refuse more frames, or larger ones, than are taken."""
        if frames > self.frames:
            raise ConvError(
                "too_many_frames",
                "frames",
                f"{frames:,} frames are asked for; one file holds {self.frames:,} at most.",
                "Choose fewer steps.",
                frames=frames,
                limit=self.frames,
                nearest=self.frames,
            )
        if width * height > self.pixels:
            share = (self.pixels / (width * height)) ** 0.5
            fits = f"{int(width * share)}×{int(height * share)}"
            raise ConvError(
                "too_many_pixels",
                "width",
                f"A frame of {width:,} × {height:,} has {width * height:,} pixels; {self.pixels:,} are drawn at most.",
                f"At this shape {fits} fits.",
                width=width,
                height=height,
                pixels=width * height,
                limit=self.pixels,
                nearest=int(width * share),
            )

    def too_long(self) -> ConvError:
        """The body is longer than is read."""
        return ConvError(
            "body_too_large",
            "frames",
            f"The frames together have more than {self.bytes:,} bytes.",
            "Choose fewer steps or a smaller size.",
            limit=self.bytes,
        )

    def too_large(self) -> ConvError:
        """The file becomes longer than is sent."""
        return ConvError(
            "export_too_large",
            "frames",
            f"The file would have more than {self.bytes:,} bytes.",
            "Choose fewer steps, a smaller size, or fewer rounds of the loop.",
            limit=self.bytes,
        )

    def too_slow(self) -> ConvError:
        """The export takes longer than it may."""
        return ConvError(
            "export_too_slow",
            "frames",
            f"The file was not done after {self.seconds:,} seconds.",
            "Choose fewer steps or a smaller size.",
            limit=self.seconds,
        )
