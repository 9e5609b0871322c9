//! The five venues, each as its public documents describe it.

pub(crate) mod binance;
pub(crate) mod bybit;
pub(crate) mod coinbase;
pub(crate) mod kraken;
pub(crate) mod okx;

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;
