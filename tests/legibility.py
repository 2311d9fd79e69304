"""Can it be read? Words that are cut off, stand outside their cell, or do not stand out from what is behind them."""

# Everything in a cell's output that shows words of its own: [what, words, why not].
CLIPPED = """cell => {
    const area = cell.querySelector('.jp-OutputArea') ?? cell, outer = area.getBoundingClientRect(), bad = [];
    const widgets = '.widget-label, .widget-button, .widget-toggle-button, .widget-readout, .widget-html-content, ' +
        '.widget-radio-box label, .widget-image';
    for (const node of area.querySelectorAll(widgets)) {
        const box = node.getBoundingClientRect(), words = (node.innerText ?? '').trim() || node.tagName;
        if (!box.width || !box.height) continue;
        const seen = getComputedStyle(node);
        if (node.scrollWidth > node.clientWidth + 1 && seen.overflowX != 'visible' && seen.display != 'inline')
            bad.push([node.className, words, `${node.scrollWidth} px of words in ${node.clientWidth}`]);
        if (box.right > outer.right + 1 || box.left < outer.left - 1)
            bad.push([node.className, words, `from ${box.left} to ${box.right} in ${outer.left} to ${outer.right}`]);
    }
    return bad;
}"""

# Words whose contrast with what is behind them is below 4.5 (3 where they are large or belong to what is disabled).
FAINT = """cell => {
    const area = cell.querySelector('.jp-OutputArea') ?? cell, bad = [];
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    canvas.canvas.width = canvas.canvas.height = 1;
    const parts = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
                              const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
    const over = (top, under) => [0, 1, 2].map(k => top[k] * top[3] + under[k] * (1 - top[3]));
    const light = colour => { const [r, g, b] = colour.map(v => v / 255).map(
        v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const behind = node => { const layers = [];
        for (let at = node; at; at = at.parentElement) layers.push(parts(getComputedStyle(at).backgroundColor));
        return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]); };
    const words = document.createTreeWalker(area, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
        const text = words.currentNode, node = text.parentElement, style = getComputedStyle(node);
        if (!text.textContent.trim() || !node.getClientRects().length || style.visibility == 'hidden') continue;
        if (node.closest('style, script, svg, mjx-container, .jp-OutputPrompt')) continue;
        const back = behind(node), front = over(parts(style.color), back);
        const [low, high] = [light(back), light(front)].sort((a, b) => a - b), ratio = (high + 0.05) / (low + 0.05);
        const least = parseFloat(style.fontSize) >= 24 || node.closest(':disabled') ? 3 : 4.5;
        if (ratio < least) bad.push([text.textContent.trim().slice(0, 60), style.color, Math.round(100 * ratio) / 100]);
    }
    return bad;
}"""

DARK, LIGHT = "JupyterLab Dark", "JupyterLab Light"


def theme(page, name):
    """Change JupyterLab's theme and wait until it is there."""
    page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
    page.wait_for_function("name => document.body.dataset.jpThemeName == name", arg=name)


def can_be_read(node):
    """Nothing in a cell's output is cut off or too faint."""
    clipped, faint = node.evaluate(CLIPPED), node.evaluate(FAINT)
    assert not clipped, clipped
    assert not faint, faint
