package sample

// Names of the largest group of families. Common ones stand first in each list: the picking prefers the beginning.

const dutchGirls = `Emma Julia Sophie Mila Tess Saar Nora Zoë Sara Yara Olivia Anna Eva Noor Lotte Lynn Fleur Sanne Femke Maud Evi Lieke Isa Fenna Roos
Liv Elin Lauren Nina Milou Jasmijn Bo Vera Feline Noëlle Hanna Lina Loïs Ella Suus Puck Jill Amber Iris Floor Merel Romy Chloë Esmée Elise Norah Lize
Veerle Juul Nienke Marit Jolijn Sterre Indy Kiki Renske Hannah Renée Britt Anouk Silke Marije Wende Doortje Linde Tirza Jet Philou Josephine Fay Ise
Annelie Benthe Elena Guusje Liselotte Madelief Noémi Pleun Rosalie Tessel Willemijn Ymke Zara Carlijn Dieuwke Evelien Maartje`

const dutchBoys = `Noah Liam Luca Lucas Mees Finn Daan Levi James Milan Sem Sam Luuk Bram Thijs Thomas Gijs Adam Max Lars Jesse Benjamin Teun Julian Hugo
Siem Tijn Mats Guus Jens Floris Boaz Ruben Stijn Jack Joep Olivier Tobias Jan Cas Willem Pepijn Noud Tim Jurre Vince Sven Quinten Dex Roan Niek Thijmen
Jurriën Noël Kai Mick Job Casper Pim Jelle Rens Tygo Ties Dirk Koen Björn Joris Fedde Hidde Wout Lennart Reinout Sjoerd Jorrit Tjeerd Maarten Rutger
Xavi Morris Owen Otis Vos Freek Abel Rover Klaas-Jan Seb André Jip Wessel Wiebe Onno Ravi Ivar Kjell`

// dutchAdults are given names of the parents' generation, for teachers.
const dutchAdults = `Karin Ellen Peter Marieke Jeroen Sandra Mark Esther Bas Ingrid Wouter Annemarie Dennis Petra Erik Monique Martijn Linda Frank Saskia
Remco Miranda Rob Chantal Vincent Nicole Paul Judith Edwin Mirjam Sander Wendy Bart Yvonne Michiel Chloë Roel Anita Harm Daniëlle Arjen Marjolein
Stefan Tineke Gerard Noor Maurits Hilde Ruud Astrid Joost Nathalie Kees Simone Hans Brigitte Lex Liesbeth Ron Carla Per Renée Marcel Ilse Theo Jacqueline`

// dutchSurnames are written "prefix|name name name"; a line without a prefix begins with the bar.
var dutchSurnames = []string{
	"de|Jong Vries Boer Groot Bruijn Graaf Wit Haan Lange Ruiter Koning Bruin Leeuw Rooij Wolf Kok Vos Waard Zeeuw Kort Jager Keizer Roos Weerd",
	"|Jansen Bakker Visser Smit Meijer Mulder Bos Peters Hendriks Dekker Dijkstra Brouwer Vermeulen Kok Jacobs Vos Schouten Willems Hoekstra Maas",
	"van den|Berg Brink Broek Bosch Heuvel Hoek Akker Dungen Eijnden Boom Elzen Hurk Nieuwenhuizen Oever Tempel",
	"van|Dijk Leeuwen Vliet Dam Beek Wijk Doorn Loon Dongen Es Schaik Dalen Rijn Veen Wees Zanten Soest Ginkel Gelder Hout Houten Kampen Rooijen Os Elst",
	"van der|Meer Linden Heijden Veen Wal Laan Ploeg Velden Zanden Horst Kolk Steen Molen Werf Sluis Hoeven Brugge Wiel Poel Schaaf Vlist Kamp Kooij",
	"van de|Ven Velde Pol Wiel Kamp Water Laar Griend Wetering Sande Beek Weerd",
	"|Huisman Kuipers Postma Kuijpers Prins Scholten Post Blom Willemsen Verhoeven Timmermans Groen Gerritsen Koster Martens Evers Schipper Janssens",
	"|Wiersma Bosma Hofstra Terpstra Zijlstra Boersma Sikkema Wouda Hiemstra Bootsma Veenstra Haitsma Wielinga Bijlsma Rienks Ypma Reitsma",
	"van 't|Hof Veer Wout Hek Riet Spijker",
	"ter|Haar Horst Braak Steege Beek Avest",
	"|Hermans Driessen Sanders Cornelissen Lammers Wolters Kramer Verbeek Bouwman Molenaar Veldman Peeters Aarts Kuiper Goossens Huijbrechts Claassen",
	"ten|Brink Have Cate Hoopen Kate Broeke",
	"in 't|Veld Hout",
	"den|Hartog Boer Ouden Hollander Haan Besten",
	"'t|Hart Hooft Lam",
	"|Bergsma Rietveld Schuurman Hulst Ouwehand IJsbrandy Tuinstra Barendregt Zwart Pronk Kooijman Ooms Snel Stam Buijs Fokkens Harmsen Nijland Roelofs",
	"op de|Beek Weegh Coul",
	"|Spaans Tromp Vlaming Wezel Zwiers Biesheuvel Coolen Damen Engelen Franken Geurts Heemskerk Jonker Krijnen Lubbers Manders Nagel Oosterhof Pauw",
	"van der|Aa Burg Eijk Giessen Hulst Klis Leij Maas Neut Pijl Rest Spek Tol Vaart Weijden Zee",
	"van|Aken Bemmel Calcar Drunen Eck Fessem Gestel Heck Ingen Kessel Lier Maanen Nunen Oort Putten Rossum Straten Tiel Ulft Vugt Welie Zuilen",
	"|Reinders Steenbergen Tolsma Uittenbogaard Verweij Wagenaar Zuidema Akkerman Benschop Christiaanse Dijkgraaf Eikelboom Flipse Grootenhuis Hogeveen",
	"aan de|Wiel Brugh",
	"uit den|Bogaard",
	"|Baars Cuijpers Duijvestijn Elzinga Feenstra Gosselink Heerema Idema Jorritsma Knol Leenders Meulenbelt Noordhoek Oldenburger Plantinga Quist",
}
