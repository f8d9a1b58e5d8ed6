"""Claims: figures the documents print, and what each is to be computed from again. Not here: any verdict on them."""
