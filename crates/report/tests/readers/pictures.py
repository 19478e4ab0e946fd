"""Takes pictures of pages with Chromium: pictures.py OUT PAGE... [--sizes 1440,390] [--themes light,dark] [--full]"""
import argparse
import pathlib

from playwright.sync_api import sync_playwright

parser = argparse.ArgumentParser()
parser.add_argument("out", type=pathlib.Path)
parser.add_argument("pages", nargs="+", type=pathlib.Path)
parser.add_argument("--sizes", default="1440,390")
parser.add_argument("--themes", default="light,dark")
parser.add_argument("--height", type=int, default=1000)
parser.add_argument("--unfold", action="store_true")
parser.add_argument("--full", action="store_true")
parser.add_argument("--at", default="")
parser.add_argument("--pdf", action="store_true")
arguments = parser.parse_args()
arguments.out.mkdir(parents=True, exist_ok=True)

with sync_playwright() as play:
    browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    for page_file in arguments.pages:
        name = f"{page_file.parent.name}-{page_file.stem}"
        for size in map(int, arguments.sizes.split(",")):
            for theme in arguments.themes.split(","):
                page = browser.new_page(
                    viewport={"width": size, "height": arguments.height}, color_scheme=theme
                )
                page.goto(page_file.resolve().as_uri() + arguments.at)
                if arguments.unfold:
                    page.click("#f-open")
                target = arguments.out / f"{name}-{size}-{theme}.png"
                page.screenshot(path=str(target), full_page=arguments.full)
                page.close()
        if arguments.pdf:
            page = browser.new_page()
            page.goto(page_file.resolve().as_uri())
            page.pdf(path=str(arguments.out / f"{name}.pdf"), prefer_css_page_size=True)
            page.close()
    browser.close()
