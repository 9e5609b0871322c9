//! Alert bodies of every known system, read into canonical signals
