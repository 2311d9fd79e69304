"""Draw on an Axes that is given: one look, one colour per role, one alt text per figure.

drawing   the look, and the parts that figures share
turns     one owner of all drawing at a time, and one clock
"""

from ddlib.figures.drawing import (
    AXES,
    AXES_ALONG_N,
    LECTURE_ZOOM,
    PIXELS_PER_CSS_PIXEL,
    ROLES,
    ErrorCurve,
    Fit,
    Picture,
    css_size,
    legend_above,
    log_axis,
    outline,
    plain_number,
    png,
    runs,
    subplots,
    use_style,
)

__all__ = [
    "use_style",
    "subplots",
    "css_size",
    "Picture",
    "png",
    "log_axis",
    "legend_above",
    "plain_number",
    "Fit",
    "ErrorCurve",
    "runs",
    "outline",
    "ROLES",
    "LECTURE_ZOOM",
    "PIXELS_PER_CSS_PIXEL",
    "AXES",
    "AXES_ALONG_N",
]
