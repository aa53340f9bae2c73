# note Address label, 4x3 inch: sender small, receiver large, nothing to scan.
# stock 812x609 dots at 203 dpi
# field from block max 160 width 748 lines 2 like Northwind Traders, Industriestraße 12|20457 Hamburg, Germany
# field to block max 240 width 748 lines 5 like Toms Spezialitäten|Luisenstr. 48
# field to_place block max 120 width 748 lines 2 like 44087 Münster|GERMANY
# field note text max 60 width 748 like Order ord_10249

# note Everything that another user of the printer may have left behind is set again.
^XA
^CI28^PW812^LL609^LH0,0^LT0^LS0^PON^PMN^LRN^FWN^CF0,30^BY2,2,10
^MNY^MMT^MD0^PR4
^JZN
^PQ1,0,1,N

^FO32,24^A0N,22,22^FDFROM^FS
^FO32,50^A0N,28,28^FH_^FD{from.1}^FS
^FO32,82^A0N,28,28^FH_^FD{from.2}^FS
^FO20,120^GB772,4,4^FS

^FO32,136^A0N,22,22^FDTO^FS
^FO32,164^A0N,46,46^FH_^FD{to.1}^FS
^FO32,214^A0N,46,46^FH_^FD{to.2}^FS
^FO32,264^A0N,46,46^FH_^FD{to.3}^FS
^FO32,314^A0N,46,46^FH_^FD{to.4}^FS
^FO32,364^A0N,46,46^FH_^FD{to.5}^FS
^FO32,420^A0N,60,60^FH_^FD{to_place.1}^FS
^FO32,484^A0N,60,60^FH_^FD{to_place.2}^FS
^FO32,560^A0N,28,28^FH_^FD{note}^FS
^XZ
