"""Markdown as HTML that needs nothing else: maths as MathML, pictures inside, links to the other pages."""

import re
from html import escape, unescape

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

__all__ = ["markdown", "mathml"]


def mathml(latex, display="inline"):
    """LaTeX as MathML, which browsers draw and screen readers read, with the LaTeX for those that do not.

    Raises
    ------
    ValueError    if a command is not understood
    """
    latex = latex.strip()
    # the converter knows aligned by the name of its sister, a letter's alphabet in braces only, and no arg
    plain = re.sub(r"\{aligned\*?\}|\{align\*?\}", "{split}", latex)
    plain = re.sub(r"\\\\\[[\d.]+[a-z]+\]", r"\\\\", plain)  # nor more room between two rows
    plain = re.sub(r"\\arg(?![a-z])", r"\\operatorname{arg}", plain)
    plain = re.sub(r"\\(math[a-z]+) +(\w)", r"\\\1{\2}", plain)
    drawn = convert(plain, display=display)
    drawn = re.sub(r"(<mi>[a-z]{2,}</mi>)(?=<m[in]>)", r'\1<mspace width="0.167em"/>', drawn)  # cos 25x
    drawn = re.sub("&#x([0-9A-F]+);", lambda code: escape(chr(int(code[1], 16))), drawn)
    drawn = re.sub("<mo>([|‖])</mo>", r'<mo stretchy="false">\1</mo>', drawn)  # only after left and right do bars grow
    # what it does not know at all it hands back as text
    if re.search(r"\\|&(?![\w#]+;)", re.sub("<[^>]*>", "", drawn)):
        raise ValueError(f"latex has a command that MathML has no word for: {latex!r}")
    return drawn.replace("<math ", f'<math alttext="{escape(latex, quote=True)}" ', 1)


class _Renderer(IPythonRenderer):
    def inline_math(self, body):
        return mathml(body)

    def block_math(self, body):
        return f'<div class="formula">{mathml(body, "block")}</div>'

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def block_html(self, html):
        # nbconvert parses it to put pictures inside, and a <details> whose end is another block would end at once
        return super().block_html(html) if "<img" in html else super(IPythonRenderer, self).block_html(html)

    def heading(self, text, level, **attrs):
        # the address that JupyterLab gives it
        name = re.sub(r"\s", "-", unescape(re.sub("<[^>]*>", "", text)))
        return f'<h{level} id="{escape(name)}">{text}</h{level}>\n'

    def link(self, text, url, title=None):
        if not re.match(r"[a-z]+:", url):
            if re.search(r"/.*\.ipynb", url):
                return text  # a notebook in another folder, such as a solution, is no page
            url = re.sub(r"\.ipynb(#|$)", r".html\1", url)
        return super().link(text, url, title)


def markdown(source, folder, attachments=None):
    """HTML of a markdown cell; its local pictures, paths from folder, are put inside."""
    renderer = _Renderer(escape=False, embed_images=True, path=str(folder), attachments=attachments)
    return MarkdownWithMath(renderer=renderer).render(source)
