# SPDX-License-Identifier: Apache-2.0
"""Opens a page in Chromium, without a network, and asks it what a demanding reader would see."""
import base64
import html
import json
import os
import re
import shutil
import subprocess
import tempfile

CHROMIUM = shutil.which("chromium")

# Before all else in the page, so that it sees everything.
WATCH = """<script>
var told = { errors: [], refused: [] };
addEventListener('error', event => told.errors.push(String(event.message)));
addEventListener('unhandledrejection', event => told.errors.push(String(event.reason)));
document.addEventListener('securitypolicyviolation', event => told.refused.push(event.blockedURI));
</script>"""

# After all else.
ASK = r"""<script>
function numbers(colour) { return (colour.match(/[\d.]+/g) || []).map(Number); }
function luminance(rgb) {
  const [r, g, b] = rgb.map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function ground(element) {
  for (; element; element = element.parentElement) {
    const colour = numbers(getComputedStyle(element).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour.slice(0, 3);
  }
  return [255, 255, 255];
}
function faint() {   /* WCAG 2.2, 1.4.3 */
  const list = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || ['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const [one, other] = [luminance(numbers(style.color).slice(0, 3)), luminance(ground(element))]
      .sort((a, b) => b - a);
    if ((one + 0.05) / (other + 0.05) < 4.5) list.push(walker.currentNode.data.trim().slice(0, 40) + ' ' + style.color);
  }
  return list;
}
function colours(canvas) {
  const data = canvas.width && canvas.height
    ? new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer) : [];
  return new Set(data).size;
}
addEventListener('load', () => {
  document.querySelectorAll('details').forEach(part => { part.open = true; });
  Object.assign(told, {
    canvases: Array.from(document.querySelectorAll('canvas'), colours),
    fetched: performance.getEntriesByType('resource').map(entry => entry.name),
    faint: faint(), dark: matchMedia('(prefers-color-scheme: dark)').matches,
    width: innerWidth, scrolls: document.documentElement.scrollWidth,
    dead: Array.from(document.querySelectorAll('a[href^="#"]'), a => a.getAttribute('href').slice(1))
      .filter(id => !document.getElementById(id)),
    folds: document.querySelectorAll('details').length, text: document.body.innerText,
  });
  const out = document.createElement('pre');
  out.id = 'told';
  out.textContent = btoa(Array.from(new TextEncoder().encode(JSON.stringify(told)),
                                     c => String.fromCharCode(c)).join(''));
  top.document.body.append(out);
});
</script>"""


def chromium(*words, profile):
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
         "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}", *words],
        capture_output=True, timeout=120, env=dict(os.environ, HOME=profile), check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    return done.stdout.decode()


def ask(path, width=1280, dark=False, scripts=False):
    """What the page tells of itself. In a frame, because a window has a least width.
    scripts: the page allows none, but ours must run; whatever else would run then is seen, too."""
    with open(path, encoding="utf-8") as file:
        page = file.read()
    if scripts:
        page = page.replace("default-src 'none'", "default-src 'none'; script-src 'unsafe-inline'", 1)
    page = page.replace("<head>", "<head>" + WATCH, 1).replace("</body>", ASK + "</body>", 1)
    frame = f'<!doctype html><body><iframe style="width:{width}px;height:900px;border:0" srcdoc="{html.escape(page)}">'
    with tempfile.TemporaryDirectory(prefix="tapwatt-page-", ignore_cleanup_errors=True) as folder:
        asked = f"{folder}/asked.html"
        with open(asked, "w", encoding="utf-8") as out:
            out.write(frame)
        dom = chromium("--window-size=1600,1000", "--virtual-time-budget=20000",
                       f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--dump-dom", f"file://{asked}",
                       profile=f"{folder}/profile")
    told = re.search(r'<pre id="told">([^<]*)</pre>', dom)
    assert told is not None, "the page's scripts did not run to their end\n" + dom[-2000:]
    return json.loads(base64.b64decode(told[1]))


def pdf(path):
    """The page on paper."""
    with tempfile.TemporaryDirectory(prefix="tapwatt-page-", ignore_cleanup_errors=True) as folder:
        chromium("--no-pdf-header-footer", f"--print-to-pdf={folder}/page.pdf", f"file://{path}",
                 profile=f"{folder}/profile")
        with open(f"{folder}/page.pdf", "rb") as file:
            return file.read()
