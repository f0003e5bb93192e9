"""Language models behind one port; the only folder that knows a vendor."""
