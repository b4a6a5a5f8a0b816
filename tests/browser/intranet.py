"""A foreign site that embeds the widget: with a strict content security policy and, at /wild, a hostile style sheet."""
import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

POLICY = "default-src 'none'; script-src {advisor}; connect-src {advisor}; style-src 'self'; img-src 'self'"
PAGE = """<!doctype html>
<html lang="da"><head><meta charset="utf-8"><title>Intranet</title><link rel="icon" href="/icon.svg">{style}
<script src="{advisor}/widget.js" defer></script></head>
<body><main><h1>Intranet</h1><p>Nyheder</p></main><opi-advisor {attributes}></opi-advisor></body></html>
"""
ICON = '<svg xmlns="http://www.w3.org/2000/svg"/>'
WILD_STYLE = """
html { font-size: 62.5% }
* { all: unset !important; display: inline !important; color: #800 !important; font: italic 40px serif !important }
button, h2, textarea { display: none !important }
opi-advisor { display: none !important; opacity: 0 !important; visibility: hidden !important; transform: scale(0) !important }
"""


class Intranet:
    """Answers on a free port; `url` and `unknown_url` are two origins of it, for one of which the advisor is to be open.

    The query of an address becomes the widget's attributes: /wild?lang=en&accent=gold
    """

    def __init__(self):
        self.advisor = ""  # the advisor's origin, set once that is known
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        port = self._server.server_address[1]
        self.url, self.unknown_url = f"http://localhost:{port}", f"http://127.0.0.1:{port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def content(self, address: str):
        """Content type and text at `address`."""
        parts = urlsplit(address)
        if parts.path == "/wild.css":
            return "text/css", WILD_STYLE
        if parts.path == "/icon.svg":
            return "image/svg+xml", ICON
        style = '<link rel="stylesheet" href="/wild.css">' if parts.path == "/wild" else ""
        attributes = " ".join(f'{name}="{html.escape(value)}"' for name, value in parse_qsl(parts.query, keep_blank_values=True))
        return "text/html", PAGE.format(style=style, advisor=self.advisor, attributes=attributes)

    def _handler(self):
        intranet = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                content_type, text = intranet.content(self.path)
                self.send_response(200)
                self.send_header("Content-Type", f"{content_type}; charset=utf-8")
                self.send_header("Content-Security-Policy", POLICY.format(advisor=intranet.advisor))
                self.end_headers()
                self.wfile.write(text.encode("utf-8"))

            def log_message(self, *arguments):
                pass

        return Handler
