"""Files of money: charges, payments, opening balances. Rows of one visit go in together or not at all."""
