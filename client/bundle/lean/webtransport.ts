// Engine.IO's third way to a server, over HTTP/3: the Discovery node speaks WebSocket and polling, so the page never takes it.

export class WT {}
