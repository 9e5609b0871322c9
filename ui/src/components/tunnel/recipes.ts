// How to bring one's own public address: whatever forwards to the tunnel's port and adds the sender's address.

export interface Recipe {
  id: string;
  word: string;
  text: string;
  note: string;
}

export function recipes(host: string, port: string): Recipe[] {
  const target = `http://127.0.0.1:${port}`;
  return [
    {
      id: "caddy",
      word: "Caddy",
      text: `${host} {\n  reverse_proxy 127.0.0.1:${port}\n}`,
      note: "Caddy gets the certificate and adds X-Forwarded-For itself.",
    },
    {
      id: "nginx",
      word: "nginx",
      text: `location / {\n  proxy_pass ${target};\n  proxy_set_header Host $host;\n  proxy_set_header X-Forwarded-For $remote_addr;\n}`,
      note: "Inside a server with TLS on port 443: TradingView sends to 80 and 443 only.",
    },
    {
      id: "cloudflared",
      word: "cloudflared",
      text: `ingress:\n  - hostname: ${host}\n    service: ${target}\n  - service: http_status:404`,
      note: "In the config.yml of a named tunnel; switch bot checks off for this host.",
    },
    {
      id: "tailscale",
      word: "Tailscale",
      text: `tailscale funnel --bg ${port}`,
      note: "It prints the address to enter above.",
    },
  ];
}
