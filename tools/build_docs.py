"""Writes the documentation as plain HTML pages into a folder: `build_docs.py site`."""

import shutil
import sys
from html import escape
from itertools import pairwise
from pathlib import Path

from check_docs import ROOT, pages, slug
from markdown_it import MarkdownIt

STYLE = """
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.6; color: #1b1b1b;
  font-family: "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif }
pre, code { font-family: ui-monospace, monospace; background: #f3f3f0 }
pre { padding: .8rem; overflow-x: auto }
table { border-collapse: collapse } th, td { border: 1px solid #ccc; padding: .3rem .6rem; text-align: left }
"""


def render(page: Path) -> str:
    """One page; links to other pages lead to their HTML."""
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(page.read_text(encoding="utf-8"))
    for opening, text in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", slug(text.content))
    for token in (child for block in tokens for child in block.children or ()):
        link = token.attrGet("href")
        if isinstance(link, str) and "://" not in link:
            token.attrSet("href", link.replace(".md", ".html"))
    body = markdown.renderer.render(tokens, markdown.options, {})
    title = f"<title>{escape(page.stem)}</title>"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">{title}'
    return f'<!doctype html><html lang="zh"><head>{head}<style>{STYLE}</style></head><body>{body}</body></html>\n'


def main(folder: Path) -> int:
    """Write every page, and the pictures beside them."""
    for page in pages():
        target = folder / page.relative_to(ROOT).with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(render(page), encoding="utf-8")
    for picture in sorted((ROOT / "docs").rglob("*.png")):
        target = folder / picture.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, target)
    print(f"{folder / 'README.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "site")))
