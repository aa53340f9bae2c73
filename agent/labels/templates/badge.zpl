# note Badge, 86x54 mm: name, role, and the badge's code as QR code only, since who can read it can sign in.
# stock 688x432 dots at 203 dpi
# field site text max 40 width 624 like Northwind Traders, Hamburg
# field name block max 60 width 350 lines 2 like Ana Trujillo
# field role text max 30 width 350 like Packer
# field code code max 60 like ANA-4711-7Q2X

# note Everything that another user of the printer may have left behind is set again.
^XA
^CI28^PW688^LL432^LH0,0^LT0^LS0^PON^PMN^LRN^FWN^CF0,30^BY2,2,10
^MNY^MMT^MD0^PR4
^JZN
^PQ1,0,1,N

^FO32,24^A0N,30,30^FH_^FD{site}^FS
^FO32,64^GB624,3,3^FS
^FO32,92^A0N,62,62^FH_^FD{name.1}^FS
^FO32,160^A0N,62,62^FH_^FD{name.2}^FS
^FO32,240^A0N,40,40^FH_^FD{role}^FS
^FO420,108^BQN,2,6^FH_^FDQA,{code}^FS
^XZ
