"""Markdown as HTML that needs nothing else: maths as MathML, pictures inside, links to the other pages."""

import re
from html import escape

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

__all__ = ["markdown", "mathml"]


def mathml(latex, display="inline"):
    """LaTeX as MathML, which browsers draw and screen readers read; it carries its LaTeX as a comment for both.

    Raises
    ------
    ValueError    if a command is not understood
    """
    latex = latex.strip()
    # \\operatorname and the like are read well; what is not comes back as text with its backslash
    drawn = convert(latex, display=display)
    if "\\" in re.sub("<[^>]*>", "", drawn):
        raise ValueError(f"latex has a command that MathML has no word for: {latex!r}")
    return drawn.replace("<math ", f'<math alttext="{escape(latex, quote=True)}" ', 1)


class _Renderer(IPythonRenderer):
    def inline_math(self, body):
        return mathml(body)

    def block_math(self, body):
        return mathml(body, "block")

    def latex_environment(self, name, body):
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def link(self, text, url, title=None):
        if not re.match(r"[a-z]+:", url):
            url = re.sub(r"\.ipynb(#|$)", r".html\1", url)
        return super().link(text, url, title)


def markdown(source, folder, attachments=None):
    """HTML of a markdown cell; its local pictures, paths from folder, are put inside."""
    renderer = _Renderer(escape=False, embed_images=True, exclude_anchor_links=False, anchor_link_text="",
                         path=str(folder), attachments=attachments)
    drawn = MarkdownWithMath(renderer=renderer).render(source)
    return re.sub(r'<a class="anchor-link"[^>]*></a>', "", drawn)
