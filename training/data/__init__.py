"""What training reads: the exported tables and the sequences made from them."""
