package sample

// lexicon is where the names of one group of families come from.
type lexicon struct {
	perMille int      // share of the families
	girls    string   // separated by white space
	boys     string   // likewise
	surnames []string // "prefix|name name", as dutchSurnames
	dutch    int      // per mille of the children with a Dutch given name
}

// lexicons are the groups of families. The shares are a guess at a Dutch town, chosen so that each kind of letter and prefix occurs in every school; they
// add up to a thousand. The first one gives the Dutch names.
var lexicons = []lexicon{
	{perMille: 690, girls: dutchGirls, boys: dutchBoys, surnames: dutchSurnames},
	{perMille: 65, dutch: 60,
		girls: `Yasmina Fatima Aya Nour Salma Amira Malak Inaya Hafsa Safa Lina Imane Ikram Dounia Samira Khadija Rania`,
		boys:  `Mohamed Amine Ayoub Bilal Ilias Rayan Zakaria Hamza Anas Soufian Imran Nassim Jibril Ismaïl Younes Adil`,
		surnames: []string{"El|Amrani Idrissi Khattabi Haddad Ouali Yousfi Mansouri Azzouzi Kaddouri", "|Bouzidi Benali Chaouch Azzaoui Tahiri Bakkali Ziani Lahlou",
			"Ben|Moussa Salah Omar", "Aït|Lahcen Baha"}},
	{perMille: 60, dutch: 50,
		girls:    `Zeynep Elif Ayşe Defne Ecrin Miray Nisa Asya Büşra Esma Gülşen Sevgi Melis İrem Tuğba Sude`,
		boys:     `Yusuf Emir Efe Eymen Ömer Mustafa Çağan Kerem Mehmet Ali Berkay Umut Doğan Barış Kaan Tuğra`,
		surnames: []string{"|Yılmaz Kaya Demir Şahin Özdemir Çelik Yıldız Öztürk Aydın Güneş Doğan Kılıç Arslan Çetin Koç Özkan Şimşek Ünal Bulut"}},
	{perMille: 45, dutch: 80,
		girls:    `Zuzanna Hanna Zofia Oliwia Maja Julia Alicja Łucja Aleksandra Małgorzata Wiktoria`,
		boys:     `Kacper Antoni Jakub Szymon Filip Mikołaj Łukasz Stanisław Wojciech Michał Tymon`,
		surnames: []string{"|Łukasik Nowak Wójcik Kowalczyk Woźniak Mazur Krawczyk Zając Dąbek Pawlak Wróbel Gołąb Sikora Piątek Kuźma"}},
	{perMille: 35, dutch: 250,
		girls:    `Shanaya Anjali Priya Kavita Jaya Indira Shivani Sharda`,
		boys:     `Rishi Vikash Ashwin Navin Dinesh Aryan Kiran Suraj`,
		surnames: []string{"|Ramdin Jagesar Bissessur Autar Ramkhelawan Kisoensingh Mahabier Sewnath Baldewsingh Rambaran Lachman Poeran Soekhoe"}},
	{perMille: 30, dutch: 20,
		girls:    `Maya Rima Hala Sham Layan Joud Tala Yasmin Rand`,
		boys:     `Omar Karim Yazan Hadi Laith Majd Taim Kinan Ahmad`,
		surnames: []string{"al|Masri Khalil Hassan Homsi Halabi", "|Haddad Khoury Darwish Nasser Sabbagh Issa Kassem"}},
	{perMille: 25, dutch: 300,
		girls:    `Freya Astrid Saga Linnéa Frieda Greta Anaïs Élodie Siân`,
		boys:     `Björn Søren Jürgen Åke Maël Loïc Til Håkon Eoin`,
		surnames: []string{"|Björk Müller Jørgensen Schäfer Lindström Höfer Weiß Lefèvre O'Brien MacDonald Ståhl Köhler Ó'Dowd", "von|Bülow Hagen", "d'|Hondt Alessio"}},
	{perMille: 15, dutch: 250,
		girls:    `Shaniqua Milagros Jaylinn Naomi Rosângela Inês`,
		boys:     `D'Angelo Jahmal Ricardo João Nuño Quincy`,
		surnames: []string{"|Martina Girigorie Muñoz Rosaria Monteiro Pietersz Gonçalves Fernández Sousa", "da|Silva Costa", "dos|Santos"}},
	{perMille: 12, dutch: 400,
		girls:    `Linh Thảo My Trúc Hạnh Vy`,
		boys:     `Minh Huy Đức Khôi Long Tuấn`,
		surnames: []string{"|Nguyễn Trần Lê Phạm Huỳnh Đặng Võ"}},
	{perMille: 12, dutch: 30,
		girls:    `Sofiia Daryna Zlata Solomiia Kateryna`,
		boys:     `Artem Danylo Matvii Bohdan Oleksandr`,
		surnames: []string{"|Shevchenko Kovalenko Bondarenko Tkachuk Melnyk Marchenko Lysenko"}},
	{perMille: 11, dutch: 500,
		girls:    `Xinyi Meiling Yuxin Lan`,
		boys:     `Junwei Haoran Wei Zihan`,
		surnames: []string{"|Wang Chen Li Zhang Cheung Liu Ng"}},
}
