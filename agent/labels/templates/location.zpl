# note Location label, 4x2 inch: the code large for the eye, and as Code 128.
# stock 812x406 dots at 203 dpi
# field code code max 16 width 748 like D-01-3
# field note text max 50 width 748 like Shelf D, bay 01, level 3

# note Everything that another user of the printer may have left behind is set again.
^XA
^CI28^PW812^LL406^LH0,0^LT0^LS0^PON^PMN^LRN^FWN^CF0,30^BY3,2,10
^MNY^MMT^MD0^PR4
^JZN
^PQ1,0,1,N

^FO32,24^A0N,110,110^FH_^FD{code}^FS
^FO32,140^A0N,34,34^FH_^FD{note}^FS
^FO64,192^BCN,190,N,N,N,N^FD>:{code}^FS
^XZ
