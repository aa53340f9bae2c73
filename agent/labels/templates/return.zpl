# note Label of goods that come back, 4x6 inch: where they go, and the number of the return as Code 128.
# stock 812x1218 dots at 203 dpi
# field number code max 28 width 730 like RMA-0123456789AB
# field order text max 60 width 730 like SO-10248
# field warehouse text max 60 width 730 like WH-RETURNS

# note Everything that another user of the printer may have left behind is set again.
^XA
^CI28^PW812^LL1218^LH0,0^LT0^LS0^PON^PMN^LRN^FWN^CF0,30^BY2,2,10
^MNY^MMT^MD0^PR4
^JZN
^PQ1,0,1,N

^FO40,60^A0N,60,60^FDRETURN TO^FS
^FO40,140^A0N,70,70^FH_^FD{warehouse}^FS
^FO40,300^BCN,260,N,N,N,N^FD>:{number}^FS
^FO40,590^A0N,50,50^FH_^FD{number}^FS
^FO40,690^A0N,40,40^FDORDER^FS
^FO40,740^A0N,50,50^FH_^FD{order}^FS
^XZ
