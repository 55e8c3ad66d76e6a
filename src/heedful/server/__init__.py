"""Serve Heedful: HTTP, a live WebSocket, and the web page. One router per file in `routes/`, one page per file."""
