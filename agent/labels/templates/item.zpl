# note Item label, 3x2 inch: what the thing is, and its SKU as Code 128.
# stock 609x406 dots at 203 dpi
# field name block max 90 width 561 lines 2 like Queso Cabrales, 1 kg pkg.
# field sku code max 20 width 561 like NW-011
# field note text max 40 width 561 like Keep cool

# note Everything that another user of the printer may have left behind is set again.
^XA
^CI28^PW609^LL406^LH0,0^LT0^LS0^PON^PMN^LRN^FWN^CF0,30^BY2,2,10
^MNY^MMT^MD0^PR4
^JZN
^PQ1,0,1,N

^FO24,20^A0N,40,40^FH_^FD{name.1}^FS
^FO24,64^A0N,40,40^FH_^FD{name.2}^FS
^FO40,124^BCN,160,N,N,N,N^FD>:{sku}^FS
^FO24,300^A0N,46,46^FH_^FD{sku}^FS
^FO24,360^A0N,28,28^FH_^FD{note}^FS
^XZ
