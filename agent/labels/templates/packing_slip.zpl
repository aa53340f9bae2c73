# note Packing slip, 4x6 inch, for one parcel: order as Code 128, what is inside, row by row.
# stock 812x1218 dots at 203 dpi
# field from block max 120 width 360 lines 3 like Northwind Traders|Industriestraße 12|20457 Hamburg
# field to block max 200 width 360 lines 5 like Toms Spezialitäten|Luisenstr. 48|44087 Münster|Germany
# field order code max 24 width 500 like ord_10249
# field date text max 20 width 240 like 2026-11-21
# field parcel text max 16 width 240 like 1 of 3
# field qty list max 8 width 90 lines 18 like 10|5|12
# field sku list max 16 width 190 lines 18 like NW-011|NW-042|NW-072
# field item list max 60 width 444 lines 18 like Queso Cabrales|Singaporean Hokkien Fried Mee|Mozzarella di Giovanni
# field note text max 80 width 748 like Thank you for your order.

# note Everything that another user of the printer may have left behind is set again.
^XA
^CI28^PW812^LL1218^LH0,0^LT0^LS0^PON^PMN^LRN^FWN^CF0,30^BY2,2,10
^MNY^MMT^MD0^PR4
^JZN
^PQ1,0,1,N

^FO32,20^A0N,22,22^FDFROM^FS
^FO32,46^A0N,26,26^FH_^FD{from.1}^FS
^FO32,76^A0N,26,26^FH_^FD{from.2}^FS
^FO32,106^A0N,26,26^FH_^FD{from.3}^FS
^FO420,20^A0N,22,22^FDTO^FS
^FO420,46^A0N,26,26^FH_^FD{to.1}^FS
^FO420,76^A0N,26,26^FH_^FD{to.2}^FS
^FO420,106^A0N,26,26^FH_^FD{to.3}^FS
^FO420,136^A0N,26,26^FH_^FD{to.4}^FS
^FO420,166^A0N,26,26^FH_^FD{to.5}^FS
^FO20,206^GB772,4,4^FS

^FO32,222^A0N,22,22^FDORDER^FS
^FO32,248^A0N,44,44^FH_^FD{order}^FS
^FO552,222^A0N,22,22^FDDATE^FS
^FO552,248^A0N,34,34^FH_^FD{date}^FS
^FO552,296^A0N,22,22^FDPARCEL^FS
^FO552,322^A0N,34,34^FH_^FD{parcel}^FS
^FO52,372^BCN,80,N,N,N,N^FD>:{order}^FS
^FO20,468^GB772,4,4^FS

^FO32,482^A0N,22,22^FDQTY^FS
^FO134,482^A0N,22,22^FDSKU^FS
^FO336,482^A0N,22,22^FDITEM^FS
^FO32,512^A0N,28,28^FH_^FD{qty.1}^FS
^FO134,512^A0N,28,28^FH_^FD{sku.1}^FS
^FO336,512^A0N,28,28^FH_^FD{item.1}^FS
^FO32,548^A0N,28,28^FH_^FD{qty.2}^FS
^FO134,548^A0N,28,28^FH_^FD{sku.2}^FS
^FO336,548^A0N,28,28^FH_^FD{item.2}^FS
^FO32,584^A0N,28,28^FH_^FD{qty.3}^FS
^FO134,584^A0N,28,28^FH_^FD{sku.3}^FS
^FO336,584^A0N,28,28^FH_^FD{item.3}^FS
^FO32,620^A0N,28,28^FH_^FD{qty.4}^FS
^FO134,620^A0N,28,28^FH_^FD{sku.4}^FS
^FO336,620^A0N,28,28^FH_^FD{item.4}^FS
^FO32,656^A0N,28,28^FH_^FD{qty.5}^FS
^FO134,656^A0N,28,28^FH_^FD{sku.5}^FS
^FO336,656^A0N,28,28^FH_^FD{item.5}^FS
^FO32,692^A0N,28,28^FH_^FD{qty.6}^FS
^FO134,692^A0N,28,28^FH_^FD{sku.6}^FS
^FO336,692^A0N,28,28^FH_^FD{item.6}^FS
^FO32,728^A0N,28,28^FH_^FD{qty.7}^FS
^FO134,728^A0N,28,28^FH_^FD{sku.7}^FS
^FO336,728^A0N,28,28^FH_^FD{item.7}^FS
^FO32,764^A0N,28,28^FH_^FD{qty.8}^FS
^FO134,764^A0N,28,28^FH_^FD{sku.8}^FS
^FO336,764^A0N,28,28^FH_^FD{item.8}^FS
^FO32,800^A0N,28,28^FH_^FD{qty.9}^FS
^FO134,800^A0N,28,28^FH_^FD{sku.9}^FS
^FO336,800^A0N,28,28^FH_^FD{item.9}^FS
^FO32,836^A0N,28,28^FH_^FD{qty.10}^FS
^FO134,836^A0N,28,28^FH_^FD{sku.10}^FS
^FO336,836^A0N,28,28^FH_^FD{item.10}^FS
^FO32,872^A0N,28,28^FH_^FD{qty.11}^FS
^FO134,872^A0N,28,28^FH_^FD{sku.11}^FS
^FO336,872^A0N,28,28^FH_^FD{item.11}^FS
^FO32,908^A0N,28,28^FH_^FD{qty.12}^FS
^FO134,908^A0N,28,28^FH_^FD{sku.12}^FS
^FO336,908^A0N,28,28^FH_^FD{item.12}^FS
^FO32,944^A0N,28,28^FH_^FD{qty.13}^FS
^FO134,944^A0N,28,28^FH_^FD{sku.13}^FS
^FO336,944^A0N,28,28^FH_^FD{item.13}^FS
^FO32,980^A0N,28,28^FH_^FD{qty.14}^FS
^FO134,980^A0N,28,28^FH_^FD{sku.14}^FS
^FO336,980^A0N,28,28^FH_^FD{item.14}^FS
^FO32,1016^A0N,28,28^FH_^FD{qty.15}^FS
^FO134,1016^A0N,28,28^FH_^FD{sku.15}^FS
^FO336,1016^A0N,28,28^FH_^FD{item.15}^FS
^FO32,1052^A0N,28,28^FH_^FD{qty.16}^FS
^FO134,1052^A0N,28,28^FH_^FD{sku.16}^FS
^FO336,1052^A0N,28,28^FH_^FD{item.16}^FS
^FO32,1088^A0N,28,28^FH_^FD{qty.17}^FS
^FO134,1088^A0N,28,28^FH_^FD{sku.17}^FS
^FO336,1088^A0N,28,28^FH_^FD{item.17}^FS
^FO32,1124^A0N,28,28^FH_^FD{qty.18}^FS
^FO134,1124^A0N,28,28^FH_^FD{sku.18}^FS
^FO336,1124^A0N,28,28^FH_^FD{item.18}^FS
^FO20,1160^GB772,4,4^FS
^FO32,1176^A0N,28,28^FH_^FD{note}^FS
^XZ
