# note GS1 logistic label, A6/4x6 inch, for one parcel: sender, carrier, receiver, order, weight, count, SSCC.
# note GS1 General Specifications 5.4.4.3 and 6.6.4: destination and SSCC text 7 mm (56 dots), bars 32 mm and lowest.
# stock 812x1218 dots at 203 dpi
# field from block max 200 width 452 lines 4 like Northwind Traders|Industriestraße 12|20457 Hamburg|Germany
# field carrier block max 60 width 252 lines 2 like Speedy Express
# field service block max 60 width 252 lines 2 like Economy
# field to block max 240 width 744 lines 5 like Toms Spezialitäten|Luisenstr. 48
# field to_place block max 160 width 744 lines 3 like 44087 Münster|GERMANY
# field order text max 60 width 744 like ord_10249
# field weight text max 20 width 360 like 12.346 kg
# field parcel text max 12 width 220 like 1 of 3
# field copy text max 8 width 144 like COPY 2
# field trace text max 80 width 744 like Attempt 0193a1c2-7b1e-7c3f-9a55-0a1b2c3d4e5f COPY 2
# field sscc_text text max 24 width 698 like 340 123 450 000 000 017
# field sscc digits exactly 18 like 340123450000000017

# note Everything that another user of the printer may have left behind is set again.
^XA
^CI28^PW812^LL1218^LH0,0^LT0^LS0^PON^PMN^LRN^FWN^CF0,30^BY4,2,10
^MNY^MMT^MD0^PR4
# note Reprint after error is off: after paper-out the printer must not repeat an SSCC label by itself.
^JZN
^PQ1,0,1,N

^FO32,20^A0N,22,22^FDFROM^FS
^FO32,46^A0N,28,28^FH_^FD{from.1}^FS
^FO32,77^A0N,28,28^FH_^FD{from.2}^FS
^FO32,108^A0N,28,28^FH_^FD{from.3}^FS
^FO32,139^A0N,28,28^FH_^FD{from.4}^FS
^FO504,12^GB3,168,3^FS
^FO524,20^A0N,22,22^FDCARRIER^FS
^FO524,44^A0N,38,38^FH_^FD{carrier.1}^FS
^FO524,82^A0N,38,38^FH_^FD{carrier.2}^FS
^FO524,122^A0N,28,28^FH_^FD{service.1}^FS
^FO524,150^A0N,28,28^FH_^FD{service.2}^FS
^FO20,180^GB772,4,4^FS

^FO32,194^A0N,22,22^FDSHIP TO^FS
^FO32,216^A0N,42,42^FH_^FD{to.1}^FS
^FO32,259^A0N,42,42^FH_^FD{to.2}^FS
^FO32,302^A0N,42,42^FH_^FD{to.3}^FS
^FO32,345^A0N,42,42^FH_^FD{to.4}^FS
^FO32,388^A0N,42,42^FH_^FD{to.5}^FS
^FO32,432^A0N,56,56^FH_^FD{to_place.1}^FS
^FO32,489^A0N,56,56^FH_^FD{to_place.2}^FS
^FO32,546^A0N,56,56^FH_^FD{to_place.3}^FS
^FO20,604^GB772,4,4^FS

^FO32,618^A0N,22,22^FDORDER^FS
^FO32,646^A0N,38,38^FH_^FD{order}^FS
^FO20,692^GB772,3,3^FS
^FO32,704^A0N,22,22^FDWEIGHT^FS
^FO32,730^A0N,50,50^FH_^FD{weight}^FS
^FO405,694^GB3,90,3^FS
^FO424,704^A0N,22,22^FDPARCEL^FS
^FO424,730^A0N,50,50^FH_^FD{parcel}^FS
^FO650,738^A0N,40,40^FH_^FD{copy}^FS
^FO20,784^GB772,4,4^FS

^FO32,822^A0N,22,22^FDSSCC^FS
^FO94,800^A0N,56,56^FH_^FD{sscc_text}^FS
^FO94,868^BCN,260,N,N,N,N^FD>;>800{sscc}^FS
^FO214,1138^A0N,36,36^FH_^FD(00){sscc}^FS
^FO32,1184^A0N,20,20^FH_^FD{trace}^FS
^XZ
