// The formats of messages by their names, for lists to choose from.

export const DIALECTS: readonly { value: string; label: string }[] = [
  { value: "vantixs", label: "Pitwire's own (Vantixs)" },
  { value: "algo-trade-analytics", label: "Algo Trade Analytics" },
  { value: "stratone", label: "StratOne" },
  { value: "atomik", label: "Atomik" },
  { value: "traderspost", label: "TradersPost" },
  { value: "trendspider", label: "TrendSpider" },
  { value: "3commas-strategy", label: "3Commas, strategy" },
  { value: "3commas-custom", label: "3Commas, custom signal" },
  { value: "3commas-dca", label: "3Commas, DCA bot" },
  { value: "pineconnector", label: "PineConnector" },
  { value: "openalgo", label: "OpenAlgo" },
  { value: "chartink", label: "Chartink" },
  { value: "octobot", label: "OctoBot" },
  { value: "alertatron", label: "Alertatron script" },
  { value: "alertatron-lite", label: "Alertatron Lite" },
  { value: "wundertrading", label: "WunderTrading" },
  { value: "okx", label: "OKX signal bot" },
  { value: "blofin", label: "BloFin" },
  { value: "finandy", label: "Finandy" },
  { value: "pickmytrade", label: "PickMyTrade" },
  { value: "tv-hub", label: "TV-Hub" },
  { value: "altrady", label: "Altrady" },
  { value: "jackrabbit", label: "Jackrabbit" },
  { value: "tickerly", label: "Tickerly" },
  { value: "thibaultyou", label: "thibaultyou" },
  { value: "junta", label: "junta" },
  { value: "metaapi", label: "MetaApi" },
  { value: "crosstrade", label: "CrossTrade" },
  { value: "whook", label: "whook" },
  { value: "autoview", label: "Autoview" },
  { value: "frostybot", label: "frostybot" },
  { value: "bva", label: "bva" },
  { value: "password", label: "password" },
  { value: "generic", label: "generic JSON" },
];

export function dialectTitle(name: string): string {
  return DIALECTS.find(({ value }) => value === name)?.label ?? name;
}
