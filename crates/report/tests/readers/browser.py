"""Opens pages in Chromium as people would, and prints what it found as JSON: browser.py PAGE..."""
import json
import pathlib
import subprocess
import sys
import tempfile

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHOWN = "document.querySelectorAll('.level:not([hidden]) .check:not([hidden]) .r:not([hidden])').length"


def open_page(browser, file, **options):
    """A page, with everything that went wrong on it or left it."""
    context = browser.new_context(**options)
    page = context.new_page()
    trouble = []
    page.on("console", lambda message: trouble.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (trouble.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: request.url == file.as_uri() or trouble.append(f"request: {request.url}"),
    )
    page.goto(file.as_uri())
    return page, trouble


def violations(page):
    """Accessibility violations by axe-core, WCAG 2.1 A and AA."""
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])})" for one in found]


def filtered(page, **fields):
    """How many results are shown with these fields set, by the page and by its own count."""
    for name, value in fields.items():
        if name == "text":
            page.fill("#f-text", value)
        else:
            page.select_option(f"#f-{name}", value)
    page.evaluate("document.getElementById('filter').dispatchEvent(new Event('change'))")
    answer = [page.evaluate(SHOWN), page.text_content("#f-count")]
    for name in fields:
        if name == "text":
            page.fill("#f-text", "")
        else:
            page.select_option(f"#f-{name}", "")
    page.evaluate("document.getElementById('filter').dispatchEvent(new Event('change'))")
    return answer


def printed(browser, file):
    """Pages of the PDF and the text of some of them."""
    page, _ = open_page(browser, file)
    with tempfile.TemporaryDirectory() as folder:
        pdf = pathlib.Path(folder) / "page.pdf"
        page.pdf(path=str(pdf), prefer_css_page_size=True)
        page.context.close()
        info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
        pages = int(next(line.split()[1] for line in info.splitlines() if line.startswith("Pages")))
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
        shot = pathlib.Path(folder) / "page"
        subprocess.run(["pdftoppm", "-r", "40", "-f", "1", "-l", "2", pdf, shot], check=True)
        colours = set()
        for image in pathlib.Path(folder).glob("page*.ppm"):
            data = image.read_bytes().split(b"\n", 3)[3]
            colours |= {
                data[at : at + 3] for at in range(0, len(data), 3)
                if max(data[at : at + 3]) - min(data[at : at + 3]) > 24
            }
    return {"pages": pages, "first": text.split("\f")[0], "text": text, "colours": len(colours)}


def look(browser, file):
    found = {"axe": {}, "overflow": {}, "trouble": []}
    for width in (1440, 390):
        for theme in ("light", "dark"):
            page, trouble = open_page(
                browser, file, viewport={"width": width, "height": 900}, color_scheme=theme, bypass_csp=True
            )
            page.evaluate("document.querySelectorAll('details').forEach((one, at) => at < 6 && (one.open = true))")
            found["overflow"][f"{width}-{theme}"] = page.evaluate(OVERFLOW)
            if (width, theme) != (390, "light") and file.stat().st_size < 2_000_000:
                found["axe"][f"{width}-{theme}"] = violations(page)
            page.context.close()
    page, trouble = open_page(browser, file)
    # The first stop of the keyboard is the way past the head.
    page.keyboard.press("Tab")
    found["first_stop"] = page.evaluate("document.activeElement.className")
    found["all"] = page.evaluate(SHOWN)
    if page.is_visible("#filter"):
        found["count"] = page.text_content("#f-count")
        found["fail"] = filtered(page, w="fail")
        found["critical"] = filtered(page, s="4")
        found["none"] = filtered(page, text="nothing-has-this-name")
        found["text"] = filtered(page, text="lnx-001")
        found["open"] = filtered(page, w="open")
        found["pass"] = filtered(page, w="pass")
        page.check("#f-c")
        found["changed"] = filtered(page)
        page.uncheck("#f-c")
        if page.query_selector("#f-h"):
            found["subject"] = filtered(page, h="1")
    link = page.query_selector("a[href^='#fail-']")
    if link:
        # Also where a filter hides it.
        page.fill("#f-text", "nothing-has-this-name")
        page.evaluate("document.getElementById('filter').dispatchEvent(new Event('change'))")
        page.emulate_media(media="print")
        found["filtered_paper"] = page.inner_text("#f-print")
        page.emulate_media(media="screen")
        link.click()
        target = link.get_attribute("href")
        found["unfolds"] = page.evaluate("(id) => document.querySelector(id).open && document.querySelector(id).checkVisibility()", target)
    found["trouble"] = trouble
    page.context.close()
    bare, trouble = open_page(browser, file, java_script_enabled=False)
    found["without_script"] = {"filter": bare.is_visible("#filter"), "trouble": trouble}
    fold = bare.query_selector("details.check")
    if fold:
        if fold.get_attribute("open") is None:
            fold.query_selector("summary").click()
        found["without_script"]["unfolded"] = len(fold.inner_text())
    bare.context.close()
    return found


with sync_playwright() as play:
    browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    answer = {}
    for file in (pathlib.Path(name).resolve() for name in sys.argv[1:]):
        answer[file.stem] = look(browser, file)
        if file.stat().st_size < 2_000_000:
            answer[file.stem]["print"] = printed(browser, file)
    browser.close()
json.dump(answer, sys.stdout)
