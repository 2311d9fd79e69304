"""A figure of which each frame draws only what moves."""

import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from ddlib import figures

__all__ = ["LivePicture"]


class LivePicture:
    """A figure that is kept, of which each frame draws only the artists that move.

    All else is drawn once and copied back as pixels: what lies under the moving artists, and the
    spines and legends that lie over them (a legend costs more to draw than all the curves). Where
    limits, scales or labels have changed, both copies are taken anew. One figure can have several
    pictures, of different density (pixels per CSS pixel).
    """

    def __init__(self, figure, moving, density=figures.PIXELS_PER_CSS_PIXEL):
        self.css_size, self.dpi = figures.css_size(figure), density * figure.dpi
        self.figure, self.canvas = figure, FigureCanvasAgg(figure)
        self.moving = sorted(moving, key=lambda artist: artist.get_zorder())
        for artist in self.moving:
            artist.set_animated(True)
        self._state = None

    def _still_state(self):
        return [(ax.get_title(loc="left"), axis.get_view_interval().tolist(), axis.get_scale(),
                 axis.get_label_text(), axis.get_major_locator(), axis.get_inverted())
                for ax in self.figure.axes for axis in (ax.xaxis, ax.yaxis)]

    def _capture(self):
        over = []
        for ax in self.figure.axes:
            over += [spine for spine in ax.spines.values() if spine.get_visible() and ax.axison]
            if (legend := ax.get_legend()) and not legend.get_bbox_to_anchor().y0 >= ax.bbox.y1:
                over.append(legend)  # one that stands above its axes is never drawn over
        for artist in over:
            artist.set_animated(True)  # drawn over the data alone, not under it as well
        self.canvas.draw()
        self._under = self.canvas.copy_from_bbox(self.figure.bbox)
        renderer = self.canvas.get_renderer()
        renderer.clear()
        self._over = []
        for artist in over:
            artist.draw(renderer)
            self._over.append(self._pixels_of(artist, renderer))

    def _pixels_of(self, artist, renderer):
        """Where the artist lies in the canvas, what it lets through (of 255), and what it adds (times 255)."""
        box, height = artist.get_window_extent(renderer).padded(3), self.canvas.get_width_height(physical=True)[1]
        rows = slice(max(int(height - box.y1), 0), max(int(height - box.y0) + 1, 0))
        where = rows, slice(max(int(box.x0), 0), max(int(box.x1) + 1, 0))
        drawn = np.asarray(self.canvas.buffer_rgba())[where].astype(np.uint16)
        return where, 255 - drawn[:, :, 3:], drawn[:, :, :3] * drawn[:, :, 3:]

    def draw(self):
        """Bring the canvas up to date with the artists."""
        if self.figure.dpi != self.dpi:
            self.figure.set_dpi(self.dpi)
        state = self._still_state()
        if state != self._state:
            self._capture()
            self._state = state
        self.canvas.restore_region(self._under)
        renderer = self.canvas.get_renderer()
        for artist in self.moving:
            artist.draw(renderer)
        pixels = np.asarray(self.canvas.buffer_rgba())
        for where, through, added in self._over:
            below = pixels[where][:, :, :3]
            below[...] = (below * through + added) // 255

    def frame(self):
        """The picture now, as JPEG bytes: the fastest encoding that keeps thin lines clean."""
        self.draw()
        return self._encoded("RGBX", format="jpeg", quality=90, subsampling=0)

    def png(self):
        """The picture now, as PNG bytes for the stored notebook."""
        self.draw()
        return self._encoded("RGBX", format="png")

    def _encoded(self, mode, **how):
        size = self.canvas.get_width_height(physical=True)
        image = Image.frombuffer(mode, size, self.canvas.buffer_rgba(), "raw", mode, 0, 1)
        out = io.BytesIO()
        (image if how["format"] == "jpeg" else image.convert("RGB")).save(out, **how)
        return out.getvalue()
