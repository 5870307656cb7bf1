"""Checks an HTML report: one page that needs nothing else, in which nothing but its own style and script runs.

usage: page_checker.py FILE [TEXT...]

Each TEXT has to be there as text. Prints what is wrong.
"""
import base64
import hashlib
import html.parser
import pathlib
import re
import sys

ELEMENTS = {
    "html", "head", "meta", "title", "style", "script", "body", "a", "header", "main", "footer", "section", "h1", "h2",
    "h3", "p", "dl", "dt", "dd", "ul", "li", "b", "small", "span", "code", "pre", "div", "details", "summary", "button",
    "label", "input", "figure", "figcaption", "table", "thead", "tbody", "tr", "td", "th", "svg", "g", "path", "text",
    "rect", "circle", "br"}
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "tabindex", "hidden", "type", "role",
    "open", "data-severity", "placeholder", "value", "checked", "scope", "xmlns", "viewbox", "width", "height",
    "aria-label", "x", "y", "d", "rx", "cx", "cy", "r"}
VOID = {"meta", "input", "br"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack, self.wrong, self.policy, self.text = [], [], "", []
        self.inside = {"style": [], "script": []}
        self.ids, self.links = [], []

    def handle_starttag(self, tag, attributes):
        if tag not in ELEMENTS:
            self.wrong.append(f"an element {tag!r}")
        for name, value in attributes:
            if name not in ATTRIBUTES:
                self.wrong.append(f"an attribute {name!r} of {tag}")
            if name == "href":
                self.links.append(value)
            if name == "id":
                self.ids.append(value)
        named = dict(attributes)
        if named.get("http-equiv") == "Content-Security-Policy":
            self.policy = named["content"]
        if tag in self.inside:
            self.inside[tag].append("")
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.wrong.append(f"</{tag}> ends another element")

    def handle_data(self, data):
        if self.stack and self.stack[-1] in self.inside:
            self.inside[self.stack[-1]][-1] += data
        else:
            self.text.append(data)

    def handle_comment(self, data):
        self.wrong.append("a comment")


def main(path, *texts):
    octets = pathlib.Path(path).read_bytes()
    source = octets.decode("utf-8", "strict")
    page = Page()
    page.feed(source)
    page.close()
    wrong = page.wrong
    for tag, pieces in page.inside.items():
        if len(pieces) != 1:
            wrong.append(f"{len(pieces)} elements {tag}")
            continue
        digest = base64.b64encode(hashlib.sha256(pieces[0].encode()).digest()).decode()
        if f"{tag}-src 'sha256-{digest}'" not in page.policy:
            wrong.append(f"the policy does not name this {tag}")
        if re.search(r"https?:|//[a-z]|@import|url\(", pieces[0].replace("http://www.w3.org", "")) and tag == "style":
            wrong.append(f"the {tag} asks for something from outside")
    if not page.policy.startswith("default-src 'none'; ") or "unsafe" in page.policy:
        wrong.append(f"the policy permits more than it has to: {page.policy}")
    if page.stack:
        wrong.append(f"not closed: {page.stack}")
    if len(set(page.ids)) != len(page.ids):
        wrong.append("two elements have one id")
    wrong += [f"a link to {link!r}" for link in page.links if not link.startswith("#") or link[1:] not in page.ids]
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069]", source):
        wrong.append("control characters")
    text = "".join(page.text)
    wrong += [f"does not say {wanted!r}" for wanted in texts if wanted not in text]
    for what in wrong[:20]:
        print(what)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
