# note Item label, 3x2 inch, GS1: GTIN, expiry and lot as GS1 DataMatrix, and the same in words.
# stock 609x406 dots at 203 dpi
# field name block max 90 width 561 lines 2 like Tomato soup, 12 x 400 g
# field gtin digits exactly 14 like 09521234543213
# field expiry digits exactly 6 like 271231
# field lot code max 20 width 337 like LOT7

# note Everything that another user of the printer may have left behind is set again.
^XA
^CI28^PW609^LL406^LH0,0^LT0^LS0^PON^PMN^LRN^FWN^CF0,30^BY2,2,10
^MNY^MMT^MD0^PR4
^JZN
^PQ1,0,1,N

^FO24,20^A0N,40,40^FH_^FD{name.1}^FS
^FO24,64^A0N,40,40^FH_^FD{name.2}^FS
^FO32,132^BXN,7,200,,,,\,1^FH_^FD\101{gtin}17{expiry}10{lot}^FS
^FO248,128^A0N,24,24^FD(01) GTIN^FS
^FO248,154^A0N,36,36^FD{gtin}^FS
^FO248,204^A0N,24,24^FD(17) EXPIRY^FS
^FO248,230^A0N,36,36^FD{expiry}^FS
^FO248,280^A0N,24,24^FD(10) LOT^FS
^FO248,306^A0N,32,32^FH_^FD{lot}^FS
^XZ
